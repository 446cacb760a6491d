package product

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// RDBMS is the type of datasources for databases.
const RDBMS = "RDBMS"

// DatasourceReaders are the classes that read datasources, by the types that they are for.
var DatasourceReaders = map[string]string{
	RDBMS:               "org.wso2.carbon.ndatasource.rdbms.RDBMSDataSourceReader",
	"DS_CUSTOM_TABULAR": "org.wso2.carbon.dataservices.core.custom.datasource.CustomTabularDataSourceReader",
	"DS_CUSTOM_QUERY":   "org.wso2.carbon.dataservices.core.custom.datasource.CustomQueryDataSourceReader",
}

// The kinds of values that org.wso2.carbon.ndatasource.rdbms.RDBMSConfiguration has.
const (
	aString = iota
	anInteger
	aLong
	aBoolean
	anIsolation
	aList
)

// datasourceKeys are the elements that RDBMSConfiguration takes, exactly so; all others it leaves aside.
var datasourceKeys = map[string]int{
	"url": aString, "driverClassName": aString, "username": aString, "password": aString, "defaultCatalog": aString,
	"validationQuery": aString, "validatorClassName": aString, "connectionProperties": aString, "initSQL": aString,
	"jdbcInterceptors": aString, "dataSourceClassName": aString, "dataSourceProps": aList, "databaseProps": aList,
	"maxActive": anInteger, "maxIdle": anInteger, "minIdle": anInteger, "initialSize": anInteger, "maxWait": anInteger,
	"timeBetweenEvictionRunsMillis": anInteger, "numTestsPerEvictionRun": anInteger, "minEvictableIdleTimeMillis": anInteger,
	"removeAbandonedTimeout": anInteger, "abandonWhenPercentageFull": anInteger, "suspectTimeout": anInteger,
	"validationQueryTimeout": anInteger, "validationInterval": aLong, "maxAge": aLong,
	"defaultAutoCommit": aBoolean, "defaultReadOnly": aBoolean, "testOnBorrow": aBoolean, "testOnReturn": aBoolean,
	"testWhileIdle": aBoolean, "accessToUnderlyingConnectionAllowed": aBoolean, "removeAbandoned": aBoolean, "logAbandoned": aBoolean,
	"jmxEnabled": aBoolean, "fairQueue": aBoolean, "useEquals": aBoolean, "alternateUsernameAllowed": aBoolean,
	"commitOnReturn": aBoolean, "rollbackOnReturn": aBoolean, "defaultTransactionIsolation": anIsolation,
}

// isolations are the levels that defaultTransactionIsolation may have.
var isolations = []string{"NONE", "READ_COMMITTED", "READ_UNCOMMITTED", "REPEATABLE_READ", "SERIALIZABLE"}

// DatasourceKeys are the names of all elements of a configuration, in order.
func DatasourceKeys() []string { return slices.Sorted(maps.Keys(datasourceKeys)) }

// Expected tells what the text of a setting should be where it is something else, which is dropped without a word; else it is "". An
// empty text is nothing to drop.
func (s Setting) Expected() string {
	text := s.Trim()
	if text == "" {
		return ""
	}
	switch datasourceKeys[s.Key] {
	case anInteger:
		return unless(isInteger(text, 32), "a whole number")
	case aLong:
		return unless(isInteger(text, 64), "a whole number")
	case aBoolean:
		return unless(slices.Contains([]string{"true", "false", "1", "0"}, text), "true or false")
	case anIsolation:
		return unless(slices.Contains(isolations, s.Text), "one of "+strings.Join(isolations, ", "))
	}
	return ""
}

func isInteger(text string, bits int) bool {
	_, err := strconv.ParseInt(text, 10, bits)
	return err == nil
}

func unless(ok bool, expected string) string {
	if ok {
		return ""
	}
	return expected
}
