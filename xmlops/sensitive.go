package xmlops

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Mask is what is shown in the place of a secret. Its length says nothing.
const Mask = "********"

// What sounds secret, in lower case and without what parts words: anywhere in a name, or at its end. "pasw" is often meant to be "passw".
var (
	secretParts = [...]string{"passw", "pasw", "passphrase", "passcode", "secret", "accesskey", "keypass", "storepass"}
	secretEnds  = [...]string{
		"pass", "pwd", "pswd", "psw", "token", "apikey", "privatekey", "sessionkey", "encryptionkey", "decryptionkey", "signingkey", "sharedkey",
		"masterkey", "accountkey", "sshkey", "credential", "credentials", "bearer", "proxyauthorization",
	}
	// words that end so and are no secrets
	harmlessEnds = [...]string{"bypass", "compass", "trespass", "surpass", "anycredential"}
)

// Sensitive reports whether the name of an element, attribute, parameter, option or setting says that its value is a secret.
func Sensitive(name string) bool {
	if len(name) < 2 || name == "secretAlias" {
		return false
	}
	var room [64]byte // most often enough
	bare, maybe := room[:0], false
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 {
			bare = append(bare, c)
			maybe = maybe || soundsSecret(bare)
		}
	}
	if !maybe {
		return false
	}
	lower := string(bare)
	for _, part := range secretParts {
		if strings.Contains(lower, part) {
			return true
		}
	}
	lower = strings.TrimRight(lower, "0123456789")
	for _, end := range harmlessEnds {
		if strings.HasSuffix(lower, end) {
			return false
		}
	}
	for _, end := range secretEnds {
		if strings.HasSuffix(strings.TrimSuffix(lower, "s"), strings.TrimSuffix(end, "s")) {
			return true
		}
	}
	return lower == "authorization" || strings.HasSuffix(lower, "pw") && shortPassword.MatchString(name)
}

// soundsSecret reports whether what has been read of a name ends in letters that one of all that sounds secret has, which most names have not.
func soundsSecret(read []byte) bool {
	n := len(read)
	if n < 2 {
		return false
	}
	switch last := read[n-2]; read[n-1] {
	case 's':
		return last == 'p' || last == 'a' && n > 2 && read[n-3] == 'p'
	case 'w':
		return last == 'p'
	case 'r':
		return last == 'c' || last == 'e' && n > 2 && read[n-3] == 'r'
	case 'y', 'n':
		return last == 'e' && n > 2 && read[n-3] == 'k'
	case 'z':
		return last == 'i'
	}
	return false
}

// shortPassword is a name whose last word is pw.
var shortPassword = regexp.MustCompile(`(?:^|[^A-Za-z])(?i:pw)\d*$|[a-z0-9](?:PW|Pw)\d*$`)

// oftenProse reports whether an element of that name often holds a description or the name of a class, as <Credential> of a user store.
func oftenProse(element string) bool {
	return strings.HasSuffix(strings.ToLower(strings.TrimSuffix(element, "s")), "credential")
}

// javaClass is the name of a Java class with its package.
var javaClass = regexp.MustCompile(`^[a-z]\w*(?:\.[a-z]\w*)*\.[A-Z]\w*$`)

// isProse reports whether a text is no secret but a description, a switch or the name of a class.
func isProse(text string) bool {
	text = strings.Trim(text, blanks)
	return text == "true" || text == "false" || strings.ContainsAny(text, blanks) || javaClass.MatchString(text)
}

// IsNaming reports whether an attribute, element or member of that name says what others beside it are.
func IsNaming(name string) bool {
	switch strings.ToLower(name) {
	case "name", "key", "id", "property", "param", "parameter", "option", "field", "param-name", "property-name", "paramname", "propertyname":
		return true
	}
	return false
}

// IsValue reports whether an attribute, element or member of that name holds the value of what another beside it names.
func IsValue(name string) bool {
	switch strings.ToLower(name) {
	case "value", "val", "content", "text", "data", "default", "plain", "clear":
		return true
	}
	return strings.HasSuffix(name, "-value") || strings.HasSuffix(name, "Value")
}

// sensitiveElement reports whether the name of e or of what it lies in, or what names them, says that it holds a secret.
func sensitiveElement(e *etree.Element) bool {
	if e != nil && oftenProse(e.Tag) && !hasElements(e) {
		return true
	}
	for ; e != nil; e = e.Parent() {
		if namedSecret(e) {
			return true
		}
	}
	return false
}

func namedSecret(e *etree.Element) bool {
	if Sensitive(e.Tag) && !oftenProse(e.Tag) {
		return true
	}
	for _, a := range e.Attr {
		if IsNaming(a.Key) && Sensitive(a.Value) {
			return true
		}
	}
	return IsValue(e.Tag) && e.Parent() != nil && slices.ContainsFunc(e.Parent().ChildElements(), func(other *etree.Element) bool {
		return IsNaming(other.Tag) && !hasElements(other) && Sensitive(strings.TrimSpace(text(other)))
	})
}

// sensitiveAttribute reports whether an attribute of e holds a secret: by its own name, as the value of what e names, or because
// e lies in what is secret.
func sensitiveAttribute(e *etree.Element, name qname) bool {
	return Sensitive(name.local) || IsValue(name.local) && sensitiveElement(e) || sensitiveElement(e.Parent())
}
