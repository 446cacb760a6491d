package cluster

import (
	"strconv"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// examples are values of settings whose types say too little of how such values look. They go together.
var examples = map[string]string{
	"members.port":                   "4000",
	"subDomain":                      "worker",
	"clusteringPattern":              "WorkerManager",
	"mcastAddress":                   "228.0.0.4",
	"mcastPort":                      "45564",
	"mcastTTL":                       "100",
	"mcastTimeout":                   "60",
	"membershipSchemeClassName":      "org.example.MembershipScheme",
	"aws.iamRole":                    "wso2-members",
	"aws.securityGroup":              "wso2-members",
	"aws.region":                     "us-east-1",
	"aws.tagKey":                     "cluster",
	"aws.tagValue":                   "wso2",
	"aws.hostHeader":                 "ec2.amazonaws.com",
	"hostName":                       "wso2.example.com",
	"mgtHostName":                    "mgt.wso2.example.com",
	"deploymentSynchronizer.svnUrl":  "https://svn.example.com/repos/wso2",
	"deploymentSynchronizer.svnUser": "svnuser",
	"httpProxyPort":                  "80",
	"httpsProxyPort":                 "443",
	"wsdlEPRPrefix.http":             "http://wso2.example.com:80",
	"wsdlEPRPrefix.https":            "https://wso2.example.com:443",
	"datasources.jndi":               "jdbc/WSO2SharedDB",
	"datasources.name":               "WSO2_SHARED_DB",
	"datasources.file":               "master",
	"datasources.description":        "The database that all nodes share",
	"datasources.url":                "jdbc:mysql://db.example.com:3306/shared",
	"datasources.username":           "wso2",
	"datasources.driverClassName":    "com.mysql.jdbc.Driver",
	"registry.sharedDatasource":      "jdbc/WSO2SharedDB",
	"registry.cacheId":               "wso2@jdbc:mysql://db.example.com:3306/shared",
	"registry.configTarget":          "/_system/nodes",
	"userManagement.datasource":      "jdbc/WSO2SharedDB",
	"userManagement.adminRole":       "admin",
	"userManagement.adminUser":       "admin",
	"userManagement.everyoneRole":    "everyone",
	"sso.publisherHost":              "publisher.example.com",
	"sso.storeHost":                  "store.example.com",
	"jvm.xms":                        "512m",
	"jvm.xmx":                        "2g",
	"jvm.maxPermSize":                "512m",
	"proxy.httpsHost":                "proxy.example.com",
	"proxy.httpsPort":                "3128",
	"proxy.nonProxyHosts":            "localhost",
}

// exampleItem has the fields that are required. Where items are told apart by a key, no other field is: it has those before the
// first number or switch, which the tuning of such things begins with.
func exampleItem(setting *profiles.Setting) item {
	var it item
	for _, f := range setting.Type.Fields {
		if setting.Type.Key != "" && (f.Type.Name == "int" || f.Type.Name == "bool") {
			break
		}
		switch {
		case f.Secret || setting.Secret:
			it = append(it, fieldText{name: f.Name, text: sourceName(setting.Name, f.Name)})
		case f.Required || setting.Type.Key != "" || setting.Type.Bare:
			it = append(it, fieldText{name: f.Name, text: quoted(exampleText(setting.Part(f.Name), f.Type))})
		}
	}
	return it
}

// exampleText is a value for the setting, or part of a setting, of that name, which has type t.
func exampleText(name string, t profiles.Type) string {
	if text, ok := examples[name]; ok && t.Check(text) == "" {
		return text
	}
	switch t.Name {
	case "ip":
		return "192.0.2.1"
	case "host":
		return "host.example.com"
	case "hosts":
		return "10.0.0.2-10"
	case "port":
		return "8080"
	case "int":
		return exampleInt(t)
	case "bool":
		return "true"
	case "url":
		return "https://host.example.com/path"
	case "enum":
		return t.Words[0]
	case "size":
		return "512m"
	}
	return "change-me"
}

func exampleInt(t profiles.Type) string {
	n := 1
	if t.Min != nil {
		n = max(n, *t.Min)
	}
	if t.Max != nil {
		n = min(n, *t.Max)
	}
	return strconv.Itoa(n)
}
