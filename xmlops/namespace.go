package xmlops

// Namespaces in XML 1.0: every prefix is declared, no two attributes have one expanded name, and the
// prefixes xml and xmlns keep their meaning.

const (
	namespaceXML   = "http://www.w3.org/XML/1998/namespace"
	namespaceXMLNS = "http://www.w3.org/2000/xmlns/"
)

// declares reports whether an attribute called n is a namespace declaration.
func (n qname) declares() bool { return n.prefix == "xmlns" || n == qname{local: "xmlns"} }

func (s *scanner) checkNamespaces(t *token) *Error {
	prefixed := false
	for i := range t.attrs {
		a := &t.attrs[i]
		switch prefix := s.prefix(a.name, a.colon); {
		case prefix == "xmlns" || a.colon < 0 && s.src[a.name.lo:a.name.hi] == "xmlns":
			if err := s.declare(a); err != nil {
				return err
			}
		case prefix != "":
			prefixed = true
		}
	}
	if t.colon >= 0 {
		if err := s.checkPrefix(t.name, t.colon); err != nil {
			return err
		}
	}
	if !prefixed {
		return nil
	}
	return s.checkPrefixedAttributes(t.attrs)
}

func (s *scanner) prefix(name span, colon int) string {
	if colon < 0 {
		return ""
	}
	return s.src[name.lo:colon]
}

// declare adds the namespace declaration a to the bindings in scope.
func (s *scanner) declare(a *attrSpan) *Error {
	uri := s.src[a.value.lo:a.value.hi]
	if a.coded {
		uri = decodeValue(uri, s.enc)
	}
	prefix := ""
	if a.colon >= 0 {
		prefix = s.src[a.colon+1 : a.name.hi]
	}
	switch {
	case prefix == "xmlns":
		return s.fail(a.name.lo, "the prefix xmlns cannot be declared")
	case (prefix == "xml") != (uri == namespaceXML):
		return s.fail(a.name.lo, "the prefix xml and its namespace belong together alone")
	case uri == namespaceXMLNS:
		return s.fail(a.name.lo, "the namespace of xmlns cannot be declared")
	case prefix != "" && uri == "":
		return s.fail(a.name.lo, "a namespace prefix cannot be undeclared")
	case len(s.bindings) == maxBindings:
		return s.fail(a.name.lo, "more than %d namespace declarations in scope", maxBindings)
	}
	s.bindings = append(s.bindings, binding{prefix, uri})
	return nil
}

// namespace returns the URI that prefix is bound to.
func (s *scanner) namespace(prefix string) (string, bool) {
	if prefix == "xml" {
		return namespaceXML, true
	}
	return boundTo(s.bindings, prefix)
}

func boundTo(bindings []binding, prefix string) (string, bool) {
	for i := len(bindings) - 1; i >= 0; i-- {
		if bindings[i].prefix == prefix {
			return bindings[i].uri, true
		}
	}
	return "", false
}

func (s *scanner) checkPrefix(name span, colon int) *Error {
	prefix := s.src[name.lo:colon]
	if _, ok := s.namespace(prefix); !ok && !s.anyPrefix {
		return s.fail(name.lo, "namespace prefix %q is not declared", s.enc.decode(prefix))
	}
	return nil
}

func (s *scanner) checkPrefixedAttributes(attrs []attrSpan) *Error {
	type expanded struct{ prefix, uri, local string } // with its prefix if that is not declared
	var first *attrSpan
	var seen map[expanded]bool
	name := func(a *attrSpan) expanded {
		prefix, local := s.src[a.name.lo:a.colon], s.src[a.colon+1:a.name.hi]
		if uri, ok := s.namespace(prefix); ok {
			return expanded{"", uri, local}
		}
		return expanded{prefix, "", local}
	}
	for i := range attrs {
		a := &attrs[i]
		if a.colon < 0 || s.src[a.name.lo:a.colon] == "xmlns" {
			continue
		}
		if err := s.checkPrefix(a.name, a.colon); err != nil {
			return err
		}
		if first == nil { // one prefixed attribute, the usual case, needs no map
			first = a
			continue
		}
		if seen == nil {
			seen = map[expanded]bool{name(first): true}
		}
		if seen[name(a)] {
			return s.fail(a.name.lo, "attribute %q appears twice in one tag under two prefixes", s.text(a.name))
		}
		seen[name(a)] = true
	}
	return nil
}
