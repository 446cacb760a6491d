package cluster

import (
	"fmt"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// The patterns of texts. They are those of [profiles.Type.Check] as far as a pattern can tell.
const (
	sourcePattern    = `^(env:.+|file:/[^/].*|fact:(hostname|ip|ip:.+)|imds:[^/].*|literal:.*)$`
	otherPattern     = `^(\*{8}$|env:|fact:|imds:|literal:|file:$|file:[^/]|file:/$|file:/[^/])` // no literal: the mask, or a source
	referencePattern = `\$\{[^{}]+\}`                                                            // resolved by the product itself
	cleanPattern     = `^[^\x00-\x08\x0a-\x1f\x7f]*$`
	ipv4Pattern      = `((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`
	ipv6Pattern      = `[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*`
	hostPattern      = `^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$`
	rangePattern     = `([0-9]+\.){3}[0-9]+-[0-9]+`
	urlPattern       = `^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$`
	sizePattern      = `^[1-9][0-9]*[kKmMgG]$`
)

// defineTexts defines what may stand for a value of any type.
func (b *schemaWriter) defineTexts() {
	b.defs["source"] = object{
		"description": "Where the value stands: env:NAME, file:/absolute/path, fact:ip, fact:ip:INTERFACE, fact:hostname, imds:PATH or imds:tags/NAME. literal:TEXT is TEXT itself.",
		"type":        "string", "pattern": sourcePattern,
	}
	b.defs["none"] = object{"description": "Takes out what a home has.", "const": profiles.None}
	b.defs["reference"] = object{"description": "Holds a ${reference}, which the product resolves when it starts.", "type": "string", "pattern": referencePattern}
}

// value takes a single value of type t, and none where that may be said.
func (b *schemaWriter) value(t profiles.Type, mayBeNone bool) object {
	if mayBeNone {
		return object{"anyOf": append(b.values(t), refer("none"))}
	}
	return object{"anyOf": b.values(t), "not": object{"const": profiles.None}}
}

// values are what may stand where a single value of type t is wanted.
func (b *schemaWriter) values(t profiles.Type) []object {
	all := []object{b.literal(t), refer("source")}
	if t.Name != "bool" && t.Name != "enum" && t.Name != "text" && t.Name != "word" {
		all = append(all, refer("reference"))
	}
	return all
}

// literal is what a value of type t must be itself. A type that has nothing of its own is defined once.
func (b *schemaWriter) literal(t profiles.Type) object {
	choices := literals(t)
	schema := object{"anyOf": choices}
	if len(choices) == 1 {
		schema = choices[0]
	}
	if t.Name == "enum" || t.Name == "int" {
		return schema
	}
	name := "@" + t.Name
	b.defs[name] = schema
	return refer(name)
}

// literals are the values of type t themselves. A number may be written in quotes.
func literals(t profiles.Type) []object {
	switch t.Name {
	case "bool":
		return []object{{"type": "boolean"}, {"enum": []string{"true", "false"}}}
	case "enum":
		return []object{{"enum": t.Words}}
	case "port":
		return integers(new(1), new(65535))
	case "int":
		return integers(t.Min, t.Max)
	case "size":
		return []object{pattern(sizePattern)}
	case "ip":
		return []object{pattern(fmt.Sprintf("^(%s|%s)$", ipv4Pattern, ipv6Pattern))}
	case "host":
		return hosts("")
	case "hosts":
		return hosts("|" + rangePattern)
	case "url":
		return []object{pattern(urlPattern)}
	case "word":
		return []object{{"type": []string{"number", "boolean"}}, pattern(`^[^\s]+$`)}
	}
	return []object{{"type": []string{"number", "boolean"}}, pattern(cleanPattern)}
}

// pattern takes texts that match p and are meant themselves.
func pattern(p string) object {
	return object{"type": "string", "pattern": p, "not": object{"pattern": otherPattern}}
}

// hosts takes names and addresses. What has only digits, dots and hyphens must be an address, or what more says.
func hosts(more string) []object {
	name := pattern(hostPattern)
	name["not"] = object{"pattern": `^[0-9.-]+$`}
	return []object{name, pattern(fmt.Sprintf("^(%s|%s%s)$", ipv4Pattern, ipv6Pattern, more))}
}

func integers(low, high *int) []object {
	number := object{"type": "integer"}
	if low != nil {
		number["minimum"] = *low
	}
	if high != nil {
		number["maximum"] = *high
	}
	return []object{number, pattern(`^(0|-?[1-9][0-9]*)$`)}
}
