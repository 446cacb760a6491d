package product

// MembershipSchemes are the membership schemes that org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent has itself.
// All others are Java classes with parameters of their own.
var MembershipSchemes = []string{"wka", "multicast", "aws"}

// ClusteringParameters are the names of all parameters of the clustering element that the agent reads, whatever the scheme.
var ClusteringParameters = []string{
	"AvoidInitiation", "membershipScheme", "membershipSchemeClassName", "domain", "localMemberHost", "localMemberPort",
	"licenseKey", "mgtCenterURL", "groupPassword", "hazelcastSerializers", "properties", "isActive", "localMemberIdentifier",
	"mcastAddress", "mcastPort", "mcastTimeout", "mcastTTL", "connTimeout", "accessKey", "secretKey", "iamRole", "securityGroup",
	"hostHeader", "region", "tagKey", "tagValue", "clusteringPattern",
}

// TribesParameters are those that shipped files still have, live or commented out, for the agent of earlier versions
// (org.apache.axis2.clustering.tribes). They are ignored.
var TribesParameters = []string{
	"localMemberBindAddress", "localMemberBindPort", "mcastBindAddress", "mcastFrequency", "memberDropTime", "synchronizeAll",
	"maxRetries", "preserveMessageOrder", "atmostOnceMessageSemantics",
}
