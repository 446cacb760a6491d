#!/bin/sh
JVM_MEM_OPTS="-Xms256m -Xmx1024m"
$JAVACMD \
    -Xbootclasspath/a:"$CARBON_XBOOTCLASSPATH" \
    $JVM_MEM_OPTS \
    -XX:+HeapDumpOnOutOfMemoryError \
    $JAVA_OPTS \
    -Dcarbon.home="$CARBON_HOME" \
    -DworkerNode=false \
    -classpath "$CARBON_CLASSPATH" org.wso2.carbon.bootstrap.Bootstrap $*
