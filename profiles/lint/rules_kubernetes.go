package lint

// kubernetesRules are about the parameters of the membership scheme of Kubernetes.
func kubernetesRules() []*Rule {
	return []*Rule{}
}
