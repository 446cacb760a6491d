#!/bin/sh
# Sample of the documentation: the end of a start script, where the JVM is started.

if [ -z "$JVM_MEM_OPTS" ]; then
   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
fi

    $JAVACMD \
    $JVM_MEM_OPTS \
    -XX:+HeapDumpOnOutOfMemoryError \
    $JAVA_OPTS \
    -DworkerNode=false \
    -Dcarbon.home="$CARBON_HOME" \
    -classpath "$CARBON_CLASSPATH" \
    org.wso2.carbon.bootstrap.Bootstrap $*
