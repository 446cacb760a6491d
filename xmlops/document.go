package xmlops

// Document is a parsed XML document that can be edited. It is not safe for concurrent use.
type Document struct{}

// Parse scans src strictly. The error of a document that is not well-formed, or that is outside the limits and
// encodings that xmlops takes, is an [*Error]. The Document keeps src: the caller must not change it.
func Parse(src []byte) (*Document, error) { panic("todo") }

// Apply makes every op true, in order, each seeing what those before it did. On an error nothing is applied; the
// error is an [OpErrors] that holds all that could be found.
func (d *Document) Apply(ops ...Op) ([]Change, error) { panic("todo") }

// Result checks the document (well-formed, tree and bytes agree, all bytes outside Edits equal the source) and returns it.
func (d *Document) Result() (*Result, error) { panic("todo") }

// Result is a checked document.
type Result struct {
	Bytes []byte
	Edits []Edit // in source order, not overlapping; none when nothing changed
}

// Edit replaces the half-open byte range [Lo, Hi) of the source by Text.
type Edit struct {
	Lo, Hi int
	Text   []byte
}

// OpErrors are the errors of the operations that could not be made true.
type OpErrors []*OpError

func (e OpErrors) Error() string { panic("todo") }

// OpError says which operation failed, and why.
type OpError struct {
	Op int // index in the list given to Apply
	Error
}

// Value is a place that a selector found.
type Value struct {
	Position        // in the source
	At       string // a selector that matches this place alone
	Text     string // decoded: of an attribute its value, of an element its whole text
	Lo, Hi   int    // byte range of the element or attribute value in the source; equal where it is not from the source
}

// Find returns what sel matches among the live elements and attributes, in document order.
func (d *Document) Find(sel Selector) []Value { panic("todo") }

// FindCommented returns what sel matches among the commented elements of live parents, in document order.
func (d *Document) FindCommented(sel Selector) []Value { panic("todo") }

// SensitiveSpans returns the byte ranges of values in src that belong to elements or attributes whose name says
// password, secret or the like, in comments too. It works on bytes that are not well-formed as far as they can be read.
func SensitiveSpans(src []byte) [][2]int { panic("todo") }

// Enclosing names the innermost element that holds the byte at offset in the source, with its @name if it has one:
// "<clustering>", `<transportReceiver name="http">`. It is "" outside the root.
func (d *Document) Enclosing(offset int) string { panic("todo") }
