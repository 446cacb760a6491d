package xmlops

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Selector names places in a document: a strict subset of XPath (see [ParseSelector]). The zero Selector matches nothing.
type Selector struct {
	deep  bool // begins with //
	steps []Step
	attr  qname // the attribute that is meant; zero for the element itself
}

// Step is one step of a [Selector]: a name with predicates.
type Step struct {
	name       qname
	predicates []predicate
}

// qname is a name as written in a selector. Without a prefix it matches an element of that local name in any
// namespace, but only attributes without a prefix.
type qname struct{ prefix, local string }

// predicate is one condition. Exactly one of position, attr and path is set.
type predicate struct {
	not      bool
	position int
	attr     qname
	path     []qname
	compares bool // with literal
	literal  string
}

const selectorHelp = `a selector is /a/b[@k='v']/@x, with the predicates [@k], [@k='v'], [child], [child='v'], [not(…)] and [n]; // only at the beginning`

// ParseSelector reads a selector:
//
//	selector  = "/" step { "/" step } [ "/@" name ] | "//" step { "/" step } [ "/@" name ]
//	step      = ( name | "*" ) { "[" predicate "]" }
//	predicate = [ "not(" ] ( "@" name | path | "@" name "=" literal | path "=" literal ) [ ")" ] | number
//	path      = name { "/" name }                 literal = "'" chars "'" | '"' chars '"'
//
// The error of bad input is an [*Error] whose Column is the 1-based character in s.
func ParseSelector(s string) (Selector, error) {
	p := selectorParser{s: s}
	sel, err := p.selector()
	if err != nil {
		return Selector{}, err
	}
	return sel, nil
}

// ParseStep reads a single step, such as parameter[@name='domain'].
func ParseStep(s string) (*Step, error) {
	p := selectorParser{s: s}
	step, err := p.step()
	if err == nil && p.i < len(s) {
		err = p.fail("a single step ends here, but there is more")
	}
	if err != nil {
		return nil, err
	}
	return &step, nil
}

// IsZero reports whether s is the zero Selector.
func (s Selector) IsZero() bool { return len(s.steps) == 0 }

// String is the canonical spelling: it parses to an equal Selector.
func (s Selector) String() string {
	var b strings.Builder
	if s.deep {
		b.WriteByte('/')
	}
	for i := range s.steps {
		b.WriteString("/" + s.steps[i].String())
	}
	if s.attr.local != "" {
		b.WriteString("/@" + s.attr.String())
	}
	return b.String()
}

// String is the canonical spelling of s.
func (s *Step) String() string {
	var b strings.Builder
	b.WriteString(s.name.String())
	for _, p := range s.predicates {
		b.WriteString("[" + p.String() + "]")
	}
	return b.String()
}

func (n qname) String() string {
	if n.prefix != "" {
		return n.prefix + ":" + n.local
	}
	return n.local
}

func (p predicate) String() string {
	if p.position > 0 {
		return strconv.Itoa(p.position)
	}
	s := "@" + p.attr.String()
	if len(p.path) > 0 {
		names := make([]string, len(p.path))
		for i, n := range p.path {
			names[i] = n.String()
		}
		s = strings.Join(names, "/")
	}
	if p.compares {
		s += "=" + quoteLiteral(p.literal)
	}
	if p.not {
		return "not(" + s + ")"
	}
	return s
}

func quoteLiteral(v string) string {
	if strings.Contains(v, "'") {
		return `"` + v + `"`
	}
	return "'" + v + "'"
}

// quotable reports whether v can be a literal: XPath has no escapes.
func quotable(v string) bool { return !strings.Contains(v, "'") || !strings.Contains(v, `"`) }

// positional reports whether one of the predicates of s is a number.
func (s *Step) positional() bool {
	for _, p := range s.predicates {
		if p.position > 0 {
			return true
		}
	}
	return false
}

type selectorParser struct {
	s string
	i int
}

func (p *selectorParser) fail(format string, args ...any) *Error {
	return &Error{
		Position: Position{Line: 1, Column: 1 + utf8.RuneCountInString(p.s[:p.i])},
		Msg:      fmt.Sprintf(format, args...),
		Hint:     selectorHelp,
	}
}

// eat skips text if it comes next.
func (p *selectorParser) eat(text string) bool {
	if !strings.HasPrefix(p.s[p.i:], text) {
		return false
	}
	p.i += len(text)
	return true
}

func (p *selectorParser) selector() (Selector, *Error) {
	var sel Selector
	if !utf8.ValidString(p.s) {
		return sel, p.fail("the selector is not UTF-8")
	}
	if !p.eat("/") {
		return sel, p.fail("a selector begins with /")
	}
	sel.deep = p.eat("/")
	for {
		step, err := p.step()
		if err != nil {
			return sel, err
		}
		sel.steps = append(sel.steps, step)
		if !p.eat("/") {
			break
		}
		if p.eat("@") {
			if sel.attr, err = p.name(); err != nil {
				return sel, err
			}
			break
		}
	}
	if p.i < len(p.s) {
		return sel, p.fail("%s is not understood here", p.next())
	}
	return sel, nil
}

// next describes the character at p.i.
func (p *selectorParser) next() string {
	if p.i == len(p.s) {
		return "the end of the selector"
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	switch r {
	case ' ', '\t', '\n', '\r':
		return "a blank"
	}
	return strconv.QuoteRune(r)
}

func (p *selectorParser) step() (Step, *Error) {
	var step Step
	if p.eat("*") {
		step.name.local = "*"
	} else {
		name, err := p.name()
		if err != nil {
			return step, err
		}
		step.name = name
	}
	for p.eat("[") {
		pred, err := p.predicate()
		if err != nil {
			return step, err
		}
		step.predicates = append(step.predicates, pred)
	}
	return step, nil
}

func (p *selectorParser) predicate() (predicate, *Error) {
	var pred predicate
	var err *Error
	if c := p.peek(); c >= '0' && c <= '9' {
		pred.position, err = p.number()
	} else {
		pred.not = p.eat("not(")
		err = p.condition(&pred)
		if err == nil && pred.not && !p.eat(")") {
			err = p.fail("\")\" is expected, not %s", p.next())
		}
	}
	if err == nil && !p.eat("]") {
		err = p.fail("\"]\" is expected, not %s", p.next())
	}
	return pred, err
}

func (p *selectorParser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *selectorParser) number() (int, *Error) {
	lo := p.i
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.i++
	}
	n, err := strconv.Atoi(p.s[lo:p.i])
	if err != nil || n == 0 {
		p.i = lo
		return 0, p.fail("a position counts from 1")
	}
	return n, nil
}

func (p *selectorParser) condition(pred *predicate) (err *Error) {
	if p.eat("@") {
		if pred.attr, err = p.name(); err != nil {
			return err
		}
	} else {
		for {
			name, err := p.name()
			if err != nil {
				return err
			}
			pred.path = append(pred.path, name)
			if !p.eat("/") {
				break
			}
		}
	}
	if !p.eat("=") {
		return nil
	}
	pred.compares = true
	pred.literal, err = p.literal()
	return err
}

func (p *selectorParser) literal() (string, *Error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.fail("a value in quotes is expected, not %s", p.next())
	}
	n := strings.IndexByte(p.s[p.i+1:], quote)
	if n < 0 {
		return "", p.fail("the quote is not closed")
	}
	v := p.s[p.i+1 : p.i+1+n]
	p.i += n + 2
	return v, nil
}

func (p *selectorParser) name() (qname, *Error) {
	first, err := p.ncname()
	if err != nil {
		return qname{}, err
	}
	if !p.eat(":") {
		return qname{local: first}, nil
	}
	local, err := p.ncname()
	return qname{first, local}, err
}

func (p *selectorParser) ncname() (string, *Error) {
	lo := p.i
	for p.i < len(p.s) {
		r, size := utf8.DecodeRuneInString(p.s[p.i:])
		if p.i == lo && !isNameStart(r) || !isNameChar(r) {
			break
		}
		p.i += size
	}
	if p.i == lo {
		return "", p.fail("a name is expected, not %s", p.next())
	}
	return p.s[lo:p.i], nil
}
