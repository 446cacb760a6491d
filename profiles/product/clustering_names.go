package product

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// MembershipSchemes are the membership schemes that org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent has itself.
// All others are Java classes with parameters of their own.
var MembershipSchemes = []string{"wka", "multicast", "aws"}

// ClusteringParameters are the names of all parameters of the clustering element that the agent reads, whatever the scheme.
var ClusteringParameters = slices.Concat([]string{
	"AvoidInitiation", "membershipScheme", "membershipSchemeClassName", "domain", "localMemberHost", "localMemberPort",
	"licenseKey", "mgtCenterURL", "groupPassword", "hazelcastSerializers", "properties", "isActive", "localMemberIdentifier",
	"connTimeout", "clusteringPattern",
}, MulticastParameters, AWSParameters)

// MulticastParameters and AWSParameters are those that only the scheme multicast or aws reads.
var (
	MulticastParameters = []string{"mcastAddress", "mcastPort", "mcastTimeout", "mcastTTL"}
	AWSParameters       = []string{"accessKey", "secretKey", "iamRole", "securityGroup", "hostHeader", "region", "tagKey", "tagValue"}
)

// ShippedParameters are the values of clustering parameters that all products ship, whatever their scheme.
var ShippedParameters = map[string]string{"mcastPort": "45564", "mcastTimeout": "60", "mcastTTL": "100"}

// ClusteringPatterns are the values of clusteringPattern. Only the first keeps tasks off nodes that are no workers
// (org.wso2.carbon.mediation.ntask.NTaskTaskManager); the second is as good as any other text.
var ClusteringPatterns = []string{"WorkerManager", "nonWorkerManager"}

// DefaultDomains are the name of a cluster that has none, and the one that all products ship.
var DefaultDomains = []string{"apache.axis2.domain", "wso2.carbon.domain"}

// TribesParameters are those that shipped files still have, live or commented out, for the agent of earlier versions
// (org.apache.axis2.clustering.tribes). They are ignored.
var TribesParameters = []string{
	"localMemberBindAddress", "localMemberBindPort", "mcastBindAddress", "mcastFrequency", "memberDropTime", "synchronizeAll",
	"maxRetries", "preserveMessageOrder", "atmostOnceMessageSemantics",
}

// AWSSecrets are the parameters of the scheme aws that secure vault may keep.
var AWSSecrets = []string{"accessKey", "secretKey"}

// AWSAlias is the alias that the scheme asks secure vault for (org.wso2.carbon.core.clustering.hazelcast.aws.AWSBasedMembershipScheme).
func AWSAlias(parameter string) string { return "Axis2.clustering.aws." + parameter }

// meantSecret reports whether a parameter of the clustering element is one of the secret ones, or is meant to be: a mistyped one holds a
// secret, too.
func meantSecret(name string) bool {
	known := slices.Concat(ClusteringParameters, KubernetesParameters)
	i := xmlops.Nearest(name, known)
	return i >= 0 && xmlops.Sensitive(known[i])
}

// KubernetesDefaults are the values of those parameters that need not be given.
var KubernetesDefaults = map[string]string{"KUBERNETES_NAMESPACE": "default", "USE_DNS": "true", "DNS_LOOKUP_TIMEOUT": "10"}

// KubernetesScheme is the class of the scheme that finds members by Kubernetes, and KubernetesParameters are those that it reads.
const KubernetesScheme = "org.wso2.carbon.membership.scheme.kubernetes.KubernetesMembershipScheme"

var KubernetesParameters = []string{
	"KUBERNETES_SERVICES", "KUBERNETES_NAMESPACE", "KUBERNETES_API_SERVER", "KUBERNETES_API_SERVER_USERNAME",
	"KUBERNETES_API_SERVER_PASSWORD", "KUBERNETES_MASTER_SKIP_SSL_VERIFICATION", "USE_DNS", "DNS_LOOKUP_TIMEOUT",
}
