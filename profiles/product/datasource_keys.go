package product

import (
	"errors"
	"fmt"
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

// Expected tells what the text of a setting should be where it is something else, which is taken for something else without a word; else
// it is "". An empty text counts as a setting that is not given, but for a number of 32 bits: see [Setting.Zero].
func (s Setting) Expected() string {
	text := s.Trim()
	if text == "" {
		return ""
	}
	switch datasourceKeys[s.Key] {
	case anInteger:
		return expectedNumber(text, 32)
	case aLong:
		return expectedNumber(text, 64)
	case aBoolean:
		return unless(slices.Contains([]string{"true", "false", "1", "0"}, text), "true or false")
	case anIsolation:
		return unless(slices.Contains(isolations, s.Text), "one of "+strings.Join(isolations, ", "))
	}
	return ""
}

// Zero reports whether the setting counts as 0 since it is empty: DatatypeConverterImpl of JAXB begins with that and finds no digit.
func (s Setting) Zero() bool { return datasourceKeys[s.Key] == anInteger && s.Empty() }

// Choices are the texts that the setting may have, nil where it is no choice.
func (s Setting) Choices() []string {
	switch datasourceKeys[s.Key] {
	case aBoolean:
		return []string{"true", "false"}
	case anIsolation:
		return isolations
	}
	return nil
}

func expectedNumber(text string, bits int) string {
	_, err := strconv.ParseInt(text, 10, bits)
	if errors.Is(err, strconv.ErrRange) {
		return fmt.Sprintf("a number of %d bits", bits)
	}
	return unless(err == nil, "a whole number")
}

func unless(ok bool, expected string) string {
	if ok {
		return ""
	}
	return expected
}
