package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// kubernetesRules are about the parameters of the membership scheme of Kubernetes.
func kubernetesRules() []*Rule {
	return []*Rule{
		{
			ID: "kubernetes-services-missing", Severity: Warning, Scope: InFile,
			Message: "KUBERNETES_SERVICES must be set, here or in the environment",
			Then:    `Without it the cluster can't be initialized ("Kubernetes services parameter not found"), and the server never opens its transports.`,
			Fix:     "Name the services that the members are behind, with commas between them.",
			Source:  "KubernetesMembershipScheme.java:71-112",
			Wrong:   `<parameter name="KUBERNETES_SERVICES"></parameter>`,
			Right:   `<parameter name="KUBERNETES_SERVICES">wso2ei</parameter>`,
			onNode: onKubernetes(func(n *Node, r *reporter) {
				if v := n.parameter("KUBERNETES_SERVICES"); v.Empty() {
					r.at(n, v.Place)
				}
			}),
		},
		{
			ID: "kubernetes-parameter-name", Severity: Warning, Scope: InFile,
			Message: "{name} is not read",
			Then:    "It is silently ignored, and the scheme goes by the environment, or by its own default.",
			Fix:     "Names are read in upper case.",
			Source:  "KubernetesMembershipScheme.java:71-112, Constants.java",
			Wrong:   `<parameter name="KUBERNETES_MASTER">https://10.0.0.9</parameter>`,
			Right:   `<parameter name="KUBERNETES_API_SERVER">https://10.0.0.9</parameter>`,
			onNode: onKubernetes(func(n *Node, r *reporter) {
				for _, p := range n.Axis2.Clustering.Parameters {
					name := p.Name.Text
					if read, ok := formerKubernetesParameters[name]; ok {
						r.at(n, p.Name.Place, name).then(withoutKubernetes(read)).fix("Name it {name}.", read)
					} else if i := caseVariant(name, product.KubernetesParameters); i >= 0 {
						r.at(n, p.Name.Place, name).then(withoutKubernetes(product.KubernetesParameters[i])).meant(name, product.KubernetesParameters)
					}
				}
			}),
		},
	}
}

// formerKubernetesParameters are the names of parameters as the README of the scheme has them, and as its code does.
var formerKubernetesParameters = map[string]string{
	"KUBERNETES_MASTER":          "KUBERNETES_API_SERVER",
	"KUBERNETES_MASTER_USERNAME": "KUBERNETES_API_SERVER_USERNAME",
	"KUBERNETES_MASTER_PASSWORD": "KUBERNETES_API_SERVER_PASSWORD",
}

// withoutKubernetes is what comes of a parameter that is missing, where the environment does not set it either.
func withoutKubernetes(name string) string {
	if value, ok := product.KubernetesDefaults[name]; ok {
		return fmt.Sprintf("It is silently ignored, and %s is %s, unless the environment says otherwise.", name, value)
	}
	return fmt.Sprintf("It is silently ignored, and there is no %s, unless the environment has it.", name)
}

// caseVariant is which of known a name is but for upper and lower case, or -1.
func caseVariant(name string, known []string) int {
	if slices.Contains(known, name) {
		return -1
	}
	return slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
}

// onKubernetes is a check of nodes that find each other by the API of Kubernetes, or by DNS there.
func onKubernetes(check func(*Node, *reporter)) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		if n.custom() && n.parameter("membershipSchemeClassName").Trim() == product.KubernetesScheme {
			check(n, r)
		}
	}
}
