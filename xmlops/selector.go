package xmlops

// Selector names places in a document: a strict subset of XPath (see [ParseSelector]). The zero Selector matches nothing.
type Selector struct {
	src string
}

// Step is one step of a [Selector]: a name with predicates.
type Step struct {
	src string
}

// ParseSelector reads a selector. The error of bad input is an [*Error] whose Column is the 1-based
// character in s.
func ParseSelector(s string) (Selector, error) { return Selector{src: s}, nil }

// ParseStep reads a single step, such as parameter[@name='domain'].
func ParseStep(s string) (*Step, error) { return &Step{src: s}, nil }

// String is the canonical spelling: it parses to an equal Selector.
func (s Selector) String() string { return s.src }
