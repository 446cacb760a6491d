package lint

// Omission is a rule that could be expected here and is not.
type Omission struct {
	ID     string
	Reason string // a sentence
}

// LeftOut are the rules that were left out, each with the reason.
var LeftOut = []Omission{}
