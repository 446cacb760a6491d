package lint

// awsRules are about the parameters of the scheme aws.
func awsRules() []*Rule {
	return []*Rule{}
}
