package main

import "testing"

func TestCutSelector(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, selector, value string }{
		{"element", "/Server/Ports/Offset=1", "/Server/Ports/Offset", "1"},
		{"attribute", "/clustering/@enable=true", "/clustering/@enable", "true"},
		{"predicate", `//Connector[@port="9763"]/@proxyPort=80`, `//Connector[@port="9763"]/@proxyPort`, "80"},
		{"two predicates", `//a[@b='1'][c='2']=3`, `//a[@b='1'][c='2']`, "3"},
		{"bracket in a literal", `//a[@b=']=']=1`, `//a[@b=']=']`, "1"},
		{"other quote in a literal", `//a[@b="it's="]=1`, `//a[@b="it's="]`, "1"},
		{"the value keeps its =, commas, quotes and brackets", `/url=jdbc:x?a=b&c="d",[e]`, "/url", `jdbc:x?a=b&c="d",[e]`},
		{"empty value", "/a=", "/a", ""},
		{"no =", "/a", "", ""},
		{"only inside brackets", "/a[@b='c']", "", ""},
		{"not closed", "/a[@b=c", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			selector, value, ok := cutSelector(tt.in)
			if selector != tt.selector || value != tt.value || ok != (tt.selector != "") {
				t.Errorf("got %q, %q, %v, want %q, %q", selector, value, ok, tt.selector, tt.value)
			}
		})
	}
}
