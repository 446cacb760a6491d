package xmlops

// Verb is what an [Op] makes true.
type Verb int

const (
	Set       Verb = iota + 1 // the text of the element, or the attribute, is Value
	Ensure                    // an element that matches exists and holds what Items[0] holds
	List                      // the elements that match are exactly Items, in this order
	Uncomment                 // a live element matches
	Comment                   // no live element matches; its bytes remain in a comment
	Remove                    // no live element or attribute matches
)

func (v Verb) String() string {
	return [...]string{"?", "set", "ensure", "list", "uncomment", "comment", "remove"}[v]
}

// Op is one declarative operation on a [Document]. Applying it when it is already true changes nothing; one that changes
// what its own predicates ask for (/a[@k='1']/@k set to 2) misses when it is applied again.
type Op struct {
	Verb     Verb
	Select   Selector
	Value    string      // Set: the decoded value, written as it is, escaped for where it stands
	Items    []*Fragment // Ensure: one; List: any number, also none
	Create   bool        // Set: what is missing may be created, where Select says how
	After    *Step       // the sibling (or, for an attribute, the attribute) that a created one follows
	Before   *Step       // the sibling that a created element precedes
	From     []string    // Set: the values that may be replaced; nil is any
	Unless   Selector    // where this matches, nothing is done; zero is never
	All      bool        // any number of matches, not exactly one; Set and Ensure then want one below each parent that Select names
	Optional bool        // nothing to match is no error
	Instead  []Selector  // where one of these matches, nothing to match is no error either
	Waits    bool        // its value is not known yet, so nothing is done, nor is anything created whose place depends on what it will do
	Unsure   bool        // that it waits does not say that it will do anything
	Discreet bool        // its changes quote nothing of the file in At but what Select quotes: what tells siblings apart may be secret
}

// ChangeKind is what happened at the place of a [Change].
type ChangeKind int

const (
	Changed      ChangeKind = iota + 1 // a value was replaced
	Added                              // an attribute or element was created
	Removed                            // an attribute or element was removed
	Uncommented                        // a commented element was revived (and perhaps its value set)
	CommentedOut                       // an element was commented out
	Kept                               // nothing was done: the element is kept by secure vault
)

// Change is what an [Op] did at one place.
type Change struct {
	Op   int // index in the list given to Apply
	Kind ChangeKind
	// At is a selector that matches this place alone: in the result for what was added or revived, else in the source.
	At string
	// Position is the place in the source; for what was added, that of the neighbour that it was put beside.
	Position
	// Way leads from an element of an Ensure or List to what its fragment writes, as that of a [Leaf]; "" is the element itself.
	Way string
	// Before and After are decoded values. For an element with children they are the values of its
	// leaves: 10.0.0.2:4000, or where there are more than two name=a; url=b; user=c. Before of what was added is "".
	Before, After string
	Sensitive     bool // a value belongs to a name that says password, secret or the like
}
