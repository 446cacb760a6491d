#!/bin/sh
$JAVACMD \
    -Xms256m -Xmx1024m -XX:MaxPermSize=256m \
    $JAVA_OPTS \
    -Dcarbon.home="$CARBON_HOME" \
    -classpath "$CARBON_CLASSPATH" org.wso2.carbon.bootstrap.Bootstrap $*
