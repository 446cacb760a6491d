package xmlops

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// canary stands in the contents of broken documents, where a message could quote it.
const canary = "s3cret"

// broken are documents that must be refused: not well-formed, not well-formed with namespaces, or outside what
// xmlops takes.
var broken = []struct{ name, in, want string }{
	// nothing there
	{"empty", "", "1:1: the document has no root element"},
	{"white space only", " \n\t ", "2:3: the document has no root element"},
	{"byte order mark only", "\xEF\xBB\xBF", "1:1: the document has no root element"},
	{"declaration only", `<?xml version="1.0"?>`, "1:22: the document has no root element"},
	{"comment only", `<!-- s3cret -->`, "1:16: the document has no root element"},
	{"instruction only", `<?pi s3cret?>`, "1:14: the document has no root element"},
	{"doctype only", `<!DOCTYPE a>`, "1:13: the document has no root element"},
	{"text only", `s3cret`, "1:1: text before the root element"},

	// encodings
	{"utf-8: overlong slash", "<a>s3cret\xC0\xAF</a>", "1:10: byte 0xC0 is not UTF-8"},
	{"utf-8: bad byte in text", "<a>s3cret\xFF</a>", "1:10: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in a value", "<a x=\"s3cret\xFF\"/>", "1:13: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in CDATA", "<a><![CDATA[s3cret\xFF]]></a>", "1:19: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in a comment", "<a><!--s3cret\xFF--></a>", "1:14: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in an instruction", "<a><?p s3cret\xFF?></a>", "1:14: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in a name", "<a\xFFb/>", "1:3: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in an attribute name", "<a x\xFFy=\"s3cret\"/>", "1:5: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in an end tag", "<a></a\xFF>", "1:7: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte in a doctype", "<!DOCTYPE a SYSTEM \"s3cret\xFF\"><a/>", "1:27: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte before the root", "<!--\xFF--><a/>", "1:5: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte after the root", "<a/><!--\xFF-->", "1:9: byte 0xFF is not UTF-8"},
	{"utf-8: bad byte at the end", "<a/>\n\xFF", "2:1: byte 0xFF is not UTF-8"},
	{"utf-8: surrogate", "<a>\xED\xA0\x80</a>", "1:4: byte 0xED is not UTF-8"},
	{"utf-8: beyond U+10FFFF", "<a>\xF4\x90\x80\x80</a>", "1:4: byte 0xF4 is not UTF-8"},
	{"utf-8: cut sequence", "<a>\xC3</a>", "1:4: byte 0xC3 is not UTF-8"},
	{"utf-8: lone continuation", "<a>\x80</a>", "1:4: byte 0x80 is not UTF-8"},
	{"utf-8: Latin-1 byte and no declaration", "<a>s3cret caf\xE9</a>", "1:14: byte 0xE9 is not UTF-8"},
	{"utf-8: Latin-1 byte and declared utf-8", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a>s3cret caf\xE9</a>", "2:14: byte 0xE9 is not UTF-8"},
	{"us-ascii: high byte", "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n<a>s3cret caf\xE9</a>", "2:14: byte 0xE9 is not US-ASCII, which is the declared encoding"},
	{"us-ascii: utf-8 character", "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n<a>s3cret café</a>", "2:14: byte 0xC3 is not US-ASCII, which is the declared encoding"},
	{"windows-1252: byte without a character", "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<a>s3cret\x81</a>", "2:10: byte 0x81 is not windows-1252, which is the declared encoding"},
	{"iso-8859-1: NUL", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a>s3cret\x00</a>", "2:10: character U+0000 is not allowed in XML"},
	{"iso-8859-1: byte order mark", "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a/>", "1:31: the declared encoding is ISO-8859-1, but the byte order mark says UTF-8"},
	{"iso-8859-1: multiplication sign in a name", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a\xD7/>", `2:3: white space or ">" is missing in a start tag`},
	{"utf-16: little endian, mark and declaration", utf16le("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>s3cret</a>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: big endian, mark and declaration", utf16be("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>s3cret</a>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: little endian, mark only", utf16le("\uFEFF<a>s3cret</a>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: big endian, mark only", utf16be("\uFEFF<a>s3cret</a>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: little endian, no mark", utf16le("<?xml version=\"1.0\" encoding=\"UTF-16LE\"?><a/>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: big endian, no mark", utf16be("<?xml version=\"1.0\" encoding=\"UTF-16BE\"?><a/>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: little endian declared utf-8", utf16le("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>"), "1:1: encoding UTF-16 is not supported"},
	{"utf-16: odd byte at the end", utf16le("\uFEFF<a/>") + "\x00", "1:1: encoding UTF-16 is not supported"},
	{"utf-16: declared in bytes that are not", `<?xml version="1.0" encoding="UTF-16"?><a/>`, "1:31: the declared encoding is UTF-16, but the bytes are not"},
	{"utf-32: big endian", "\x00\x00\xFE\xFF\x00\x00\x00<\x00\x00\x00a\x00\x00\x00/\x00\x00\x00>", "1:1: encoding UTF-32 is not supported"},
	{"utf-32: little endian", "\xFF\xFE\x00\x00<\x00\x00\x00a\x00\x00\x00/\x00\x00\x00>\x00\x00\x00", "1:1: encoding UTF-32 is not supported"},
	{"utf-32: no mark", "\x00\x00\x00<\x00\x00\x00a\x00\x00\x00/\x00\x00\x00>", "1:1: encoding UTF-32 is not supported"},
	{"utf-7 declared", `<?xml version="1.0" encoding="UTF-7"?><a/>`, "1:31: encoding UTF-7 is not supported"},
	{"ebcdic declared", `<?xml version="1.0" encoding="IBM037"?><a/>`, "1:31: encoding IBM037 is not supported"},
	{"ebcdic bytes", "\x4C\x6F\xA7\x94\x93\x40", "1:1: encoding EBCDIC is not supported"},
	{"Shift_JIS declared", `<?xml version="1.0" encoding="Shift_JIS"?><a/>`, "1:31: encoding Shift_JIS is not supported"},
	{"unknown encoding", `<?xml version="1.0" encoding="x-none"?><a/>`, "1:31: encoding x-none is not supported"},
	{"encoding name: blank", `<?xml version="1.0" encoding="UTF 8"?><a/>`, "1:31: malformed name of an encoding"},
	{"encoding name: empty", `<?xml version="1.0" encoding=""?><a/>`, "1:31: malformed name of an encoding"},
	{"encoding name: digit first", `<?xml version="1.0" encoding="8859-1"?><a/>`, "1:31: malformed name of an encoding"},
	{"encoding name: colon", `<?xml version="1.0" encoding="utf:8"?><a/>`, "1:31: malformed name of an encoding"},
	{"encoding name: 41 characters", `<?xml version="1.0" encoding="a1234567890123456789012345678901234567890"?><a/>`, "1:31: malformed name of an encoding"},
	{"byte order mark twice", "\xEF\xBB\xBF\xEF\xBB\xBF<a/>", "1:1: text before the root element"},
	{"byte order mark after a blank", " \xEF\xBB\xBF<a/>", "1:2: text before the root element"},
	{"byte order mark after the root", "<a/>\xEF\xBB\xBF", "1:5: text after the root element"},

	// characters
	{"NUL in text", "<a>s3cret\x00</a>", "1:10: character U+0000 is not allowed in XML"},
	{"NUL in a value", "<a x='s3cret\x00'/>", "1:13: character U+0000 is not allowed in XML"},
	{"NUL in a comment", "<a><!--s3cret\x00--></a>", "1:14: character U+0000 is not allowed in XML"},
	{"NUL in an instruction", "<a><?p s3cret\x00?></a>", "1:14: character U+0000 is not allowed in XML"},
	{"NUL in CDATA", "<a><![CDATA[s3cret\x00]]></a>", "1:19: character U+0000 is not allowed in XML"},
	{"NUL in a tag", "<a \x00/>", "1:4: a name is expected"},
	{"NUL in a name", "<a\x00b/>", `1:3: white space or ">" is missing in a start tag`},
	{"NUL in a doctype", "<!DOCTYPE a\x00><a/>", "1:12: malformed DOCTYPE"},
	{"NUL in the declaration", "<?xml version=\"1.0\"\x00?><a/>", "1:20: malformed XML declaration"},
	{"NUL before the root", "\x00<a/>", "1:1: character U+0000 is not allowed in XML"},
	{"NULs after the root", "<a/>\n\x00\x00\x00\x00", "2:1: character U+0000 is not allowed in XML"},
	{"NULs instead of the end", "<a>\n  <b>s3cret\x00\x00\x00\x00", "2:12: character U+0000 is not allowed in XML"},
	{"control character in text", "<a>s3cret\x01</a>", "1:10: character U+0001 is not allowed in XML"},
	{"control character in a value", "<a x=\"s3cret\x0B\"/>", "1:13: character U+000B is not allowed in XML"},
	{"control character in a comment", "<a><!--\x08--></a>", "1:8: character U+0008 is not allowed in XML"},
	{"control character in an instruction", "<a><?p \x1B?></a>", "1:8: character U+001B is not allowed in XML"},
	{"control character in CDATA", "<a><![CDATA[\x1F]]></a>", "1:13: character U+001F is not allowed in XML"},
	{"control character between attributes", "<a\x0Cx=\"s3cret\"/>", `1:3: white space or ">" is missing in a start tag`},
	{"U+FFFE in text", "<a>\uFFFE</a>", "1:4: character U+FFFE is not allowed in XML"},
	{"U+FFFF in a comment", "<!--\uFFFF--><a/>", "1:5: character U+FFFF is not allowed in XML"},
	{"U+FFFE in a value", "<a x=\"\uFFFE\"/>", "1:7: character U+FFFE is not allowed in XML"},
	{"no-break space in a tag", "<a\u00A0x=\"1\"/>", `1:3: white space or ">" is missing in a start tag`},
	{"next line in a tag", "<a\u0085x=\"1\"/>", `1:3: white space or ">" is missing in a start tag`},
	{"no-break space before the root", "\u00A0<a/>", "1:1: text before the root element"},
	{"line separator after the root", "<a/>\u2028", "1:5: text after the root element"},

	// cut off
	{"cut in a start tag", `<a`, "1:1: start tag is not closed"},
	{"cut after the bracket", `<`, "1:1: the document ends inside a tag"},
	{"cut after an attribute name", `<a x`, `1:5: "=" is missing after the name of an attribute`},
	{"cut after the equals sign", `<a x=`, "1:6: the value of an attribute is not in quotes"},
	{"cut in a value", `<a x="s3cret`, "1:6: the value of an attribute is not closed"},
	{"cut after a value", `<a x="s3cret"`, "1:1: start tag is not closed"},
	{"cut in an empty tag", `<a/`, `1:3: "/" in a start tag that is not followed by ">"`},
	{"cut after a start tag", `<a>`, "1:4: the document ends inside element <a> of line 1"},
	{"cut in text", `<a>s3cret`, "1:10: the document ends inside element <a> of line 1"},
	{"cut in an end tag", `<a>s3cret</a`, `1:13: end tag that does not end with ">"`},
	{"cut after the slash", `<a></`, "1:6: a name is expected"},
	{"cut before a child", `<a><`, "1:4: the document ends inside a tag"},
	{"cut in a child", "<a>\n  <b x='s3cret'>\n    <c/>\n", "4:1: the document ends inside element <b> of line 2"},
	{"cut in a comment", `<a><!--s3cret`, "1:4: comment is not closed"},
	{"cut in the end of a comment", `<a><!--s3cret--`, "1:4: comment is not closed"},
	{"cut in a comment start", `<a><!-`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"cut after the exclamation mark", `<a><!`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"cut in a comment after the root", `<a/><!--s3cret`, "1:5: comment is not closed"},
	{"cut in CDATA", `<a><![CDATA[s3cret]]`, "1:4: CDATA section is not closed"},
	{"cut in a CDATA start", `<a><![CDA`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"cut in an instruction", `<a><?p s3cret`, "1:4: processing instruction is not closed"},
	{"cut in an instruction after the root", `<a/><?p s3cret?`, "1:5: processing instruction is not closed"},
	{"cut in an instruction target", `<?p`, "1:4: white space is missing after the target of a processing instruction"},
	{"cut in the declaration", `<?xml version="1.0"`, "1:20: malformed XML declaration"},
	{"cut in the declaration's version", `<?xml version="1.`, "1:14: malformed XML declaration"},
	{"cut in a doctype", `<!DOCTYPE a`, "1:12: malformed DOCTYPE"},
	{"cut in a system identifier", `<!DOCTYPE a SYSTEM "s3cret`, "1:20: identifier in a DOCTYPE is not closed"},
	{"cut in a reference", `<a>s3cret&am`, `1:10: "&" that begins no reference`},
	{"cut in a character reference", `<a>s3cret&#`, "1:10: malformed character reference"},
	{"cut in a hexadecimal reference", `<a>s3cret&#x1`, "1:10: malformed character reference"},

	// structure
	{"old tail left", `<a><b>s3cret</b></a>3cret</b></a>`, "1:21: text after the root element"},
	{"two roots", `<a/><b>s3cret</b>`, "1:5: a second root element"},
	{"two roots on lines", "<a>\n</a>\n<a>\n</a>\n", "3:1: a second root element"},
	{"text after the root", `<a/>s3cret`, "1:5: text after the root element"},
	{"text before the root", `s3cret<a/>`, "1:1: text before the root element"},
	{"text between instruction and root", `<?p?>s3cret<a/>`, "1:6: text before the root element"},
	{"CDATA after the root", `<a/><![CDATA[s3cret]]>`, "1:5: CDATA section outside the root element"},
	{"CDATA before the root", `<![CDATA[s3cret]]><a/>`, "1:1: CDATA section outside the root element"},
	{"character reference after the root", `<a/>&#32;`, "1:5: text after the root element"},
	{"character reference before the root", `&#32;<a/>`, "1:1: text before the root element"},
	{"entity before the root", `&amp;<a/>`, "1:1: text before the root element"},
	{"end tag more", `<a></a></a>`, "1:8: end tag </a> without a start tag"},
	{"end tag more on its line", "<a>\n  <b></b>\n  </b>\n</a>", "3:3: end tag </b> where <a> of line 1 is to be closed"},
	{"end tag first", `</a><a/>`, "1:1: end tag </a> without a start tag"},
	{"end tag of another element", `<a><b>s3cret</c></a>`, "1:13: end tag </c> where <b> of line 1 is to be closed"},
	{"crossed elements", `<a><b><c>s3cret</b></c></a>`, "1:16: end tag </b> where <c> of line 1 is to be closed"},
	{"end tag in another case", `<Server>s3cret</server>`, "1:15: end tag </server> where <Server> of line 1 is to be closed"},
	{"end tag with another prefix", `<a xmlns:p="u" xmlns:q="u"><p:b></q:b></a>`, "1:33: end tag </q:b> where <p:b> of line 1 is to be closed"},
	{"end tag longer than its start", `<a><b></bc></a>`, "1:7: end tag </bc> where <b> of line 1 is to be closed"},
	{"end tag shorter than its start", `<a><bc></b></a>`, "1:8: end tag </b> where <bc> of line 1 is to be closed"},
	{"child never closed", "<a>\n  <b>s3cret\n</a>", "3:1: end tag </a> where <b> of line 2 is to be closed"},
	{"root never closed", "<a>\n  <b>s3cret</b>\n", "3:1: the document ends inside element <a> of line 1"},
	{"end tag with an attribute", `<a></a x="s3cret">`, `1:8: end tag that does not end with ">"`},
	{"end tag with a slash", `<a></a/>`, `1:7: end tag that does not end with ">"`},
	{"end tag without a name", `<a></>`, "1:6: a name is expected"},
	{"end tag with a blank first", `<a></ a>`, "1:6: a name is expected"},
	{"start tag with a blank first", `< a/>`, `1:1: "<" that begins no tag`},
	{"start tag with a newline first", "<a><\nb/></a>", `1:4: "<" that begins no tag`},
	{"start tag without a name", `<a><></a>`, `1:4: "<" that begins no tag`},
	{"slash alone", `<a/ >`, `1:3: "/" in a start tag that is not followed by ">"`},
	{"slash, blank, attribute", `<a / x="s3cret">`, `1:4: "/" in a start tag that is not followed by ">"`},
	{"two slashes", `<a//>`, `1:3: "/" in a start tag that is not followed by ">"`},
	{"slash in the middle", `<a/x="s3cret">`, `1:3: "/" in a start tag that is not followed by ">"`},
	{"bracket in a start tag", `<a <b/>`, "1:4: a name is expected"},
	{"bracket in an end tag", `<a><b></b</a>`, `1:10: end tag that does not end with ">"`},
	{"less-than sign in text", `<a>1 < 2 s3cret</a>`, `1:6: "<" that begins no tag`},
	{"less-than sign before a digit", `<a>x<2</a>`, `1:5: "<" that begins no tag`},
	{"less-than sign at the end of text", `<a>s3cret<</a>`, `1:10: "<" that begins no tag`},

	// names
	{"name: digit first", `<1a/>`, `1:1: "<" that begins no tag`},
	{"name: hyphen first", `<-a/>`, `1:1: "<" that begins no tag`},
	{"name: full stop first", `<.a/>`, `1:1: "<" that begins no tag`},
	{"name: dollar sign", `<a$b/>`, `1:3: white space or ">" is missing in a start tag`},
	{"name: at sign", `<a@b/>`, `1:3: white space or ">" is missing in a start tag`},
	{"name: plus sign", `<a+b/>`, `1:3: white space or ">" is missing in a start tag`},
	{"name: quote", `<a"b/>`, `1:3: white space or ">" is missing in a start tag`},
	{"name: combining character first", "<\u0300a/>", `1:1: "<" that begins no tag`},
	{"name: combining character first after the prefix", "<p:\u0300a xmlns:p='u'/>", "1:3: misplaced colon in a name"},
	{"name: middle dot first", "<\u00B7a/>", `1:1: "<" that begins no tag`},
	{"name: character of the fifth edition", "<a\u0221/>", `1:3: white space or ">" is missing in a start tag`},
	{"name: beyond the first plane", "<\U00010000/>", `1:1: "<" that begins no tag`},
	{"name: multiplication sign", "<a\u00D7/>", `1:3: white space or ">" is missing in a start tag`},
	{"name: Roman numeral", "<\u2160/>", `1:1: "<" that begins no tag`},

	// attributes
	{"attribute twice", `<a x="s3cret" x="s3cret"/>`, `1:15: attribute "x" appears twice in one tag`},
	{"attribute twice, other quotes", "<a x='s3cret'\n   y='1'\n   x=\"2\"/>", `3:4: attribute "x" appears twice in one tag`},
	{"attribute twice, far apart", `<a b0="" b1="" b2="" b3="" b4="" b5="" b6="" b7="" b8="" b9="" c0="" c1="" c2="" c3="" c4="" c5="" c6="" c7="" c8="" c9="" b0="s3cret"/>`, `1:124: attribute "b0" appears twice in one tag`},
	{"default namespace twice", `<a xmlns="u" xmlns="v"/>`, `1:14: attribute "xmlns" appears twice in one tag`},
	{"prefix declared twice", `<a xmlns:p="u" xmlns:p="u"/>`, `1:16: attribute "xmlns:p" appears twice in one tag`},
	{"attribute twice by namespace", `<a xmlns:p="u" xmlns:q="u" p:x="s3cret" q:x="2"/>`, `1:41: attribute "q:x" appears twice in one tag under two prefixes`},
	{"attribute twice by namespace, declared after", `<a p:x="s3cret" q:x="2" xmlns:p="u" xmlns:q="u"/>`, `1:17: attribute "q:x" appears twice in one tag under two prefixes`},
	{"attribute twice by namespace, declared above", `<a xmlns:p="u"><b xmlns:q="u"><c p:x="1" q:x="2"/></b></a>`, `1:42: attribute "q:x" appears twice in one tag under two prefixes`},
	{"attribute twice by namespace, spelled by reference", `<a xmlns:p="u&amp;" xmlns:q="u&#38;" p:x="1" q:x="2"/>`, `1:46: attribute "q:x" appears twice in one tag under two prefixes`},
	{"attribute twice with its prefix", `<a xmlns:p="u" p:x="1" p:x="2"/>`, `1:24: attribute "p:x" appears twice in one tag`},
	{"attribute xml:lang twice", `<a xml:lang="en" xml:lang="de"/>`, `1:18: attribute "xml:lang" appears twice in one tag`},
	{"attribute without a value", `<a x/>`, `1:5: "=" is missing after the name of an attribute`},
	{"attribute without a value before another", `<a x y="s3cret"/>`, `1:6: "=" is missing after the name of an attribute`},
	{"attribute without quotes", `<a x=s3cret/>`, "1:6: the value of an attribute is not in quotes"},
	{"attribute without an opening quote", `<a x=s3cret"/>`, "1:6: the value of an attribute is not in quotes"},
	{"attribute with other closing quote", `<a x="s3cret'/>`, "1:6: the value of an attribute is not closed"},
	{"attribute without an equals sign", `<a x "s3cret"/>`, `1:6: "=" is missing after the name of an attribute`},
	{"attribute with two equals signs", `<a x=="s3cret"/>`, "1:6: the value of an attribute is not in quotes"},
	{"attributes without a blank between", `<a x="s3cret"y="s3cret"/>`, `1:14: white space or ">" is missing in a start tag`},
	{"attribute without a blank before it", `<a"x"/>`, `1:3: white space or ">" is missing in a start tag`},
	{"attributes with a comma between", `<a x="s3cret", y="2"/>`, `1:14: white space or ">" is missing in a start tag`},
	{"attribute in typographic quotes", `<a x=“s3cret”/>`, "1:6: the value of an attribute is not in quotes"},
	{"attribute value alone", `<a "s3cret"/>`, "1:4: a name is expected"},
	{"attribute name: digit first", `<a 1x="s3cret"/>`, "1:4: a name is expected"},
	{"attribute name: bracket", `<a [x]="s3cret"/>`, "1:4: a name is expected"},
	{"less-than sign in a value", `<a x="s3cret < 1"/>`, `1:14: "<" in the value of an attribute`},
	{"tag in a value", `<a x="<b>s3cret</b>"/>`, `1:7: "<" in the value of an attribute`},
	{"quote left open", "<a x=\"s3cret>\n  <b y=\"2\"/>\n</a>", `2:3: "<" in the value of an attribute`},
	{"ampersand in a value", `<a x="s3cret & co"/>`, `1:14: "&" that begins no reference`},
	{"ampersand of a URL in a value", `<a x="http://h/?a=1&b=s3cret"/>`, `1:20: "&" that begins no reference`},
	{"undeclared entity in a value", `<a x="s3cret&nbsp;"/>`, "1:13: reference to an entity that is not declared"},
	{"character reference to NUL in a value", `<a x="s3cret&#0;"/>`, "1:13: character reference to a character that is not allowed in XML"},

	// references
	{"ampersand alone", `<a>s3cret & co</a>`, `1:11: "&" that begins no reference`},
	{"ampersand at the end", `<a>s3cret &</a>`, `1:11: "&" that begins no reference`},
	{"reference without a name", `<a>&;</a>`, `1:4: "&" that begins no reference`},
	{"reference without a semicolon", `<a>s3cret &lt 1</a>`, `1:11: "&" that begins no reference`},
	{"reference: digit first", `<a>&1;</a>`, "1:4: reference to an entity that is not declared"},
	{"reference with a blank", `<a>& lt;</a>`, `1:4: "&" that begins no reference`},
	{"reference: undeclared entity", `<a>s3cret&nbsp;</a>`, "1:10: reference to an entity that is not declared"},
	{"reference: entity in another case", `<a>&LT;</a>`, "1:4: reference to an entity that is not declared"},
	{"reference: entity with a prefix", `<a xmlns:p="u">&p:lt;</a>`, "1:16: reference to an entity that is not declared"},
	{"reference: undeclared entity below an external doctype", `<!DOCTYPE a SYSTEM "a.dtd"><a>&s3cretless;</a>`, "1:31: reference to an entity that is not declared"},
	{"reference: undeclared entity, standalone", `<?xml version="1.0" standalone="yes"?><a>&x;</a>`, "1:42: reference to an entity that is not declared"},
	{"reference: no digits", `<a>&#;</a>`, "1:4: malformed character reference"},
	{"reference: no hexadecimal digits", `<a>&#x;</a>`, "1:4: malformed character reference"},
	{"reference: wrong hexadecimal digit", `<a>&#xG1;</a>`, "1:4: malformed character reference"},
	{"reference: hexadecimal digit in a decimal one", `<a>&#1F;</a>`, "1:4: malformed character reference"},
	{"reference: capital X", `<a>&#X41;</a>`, "1:4: malformed character reference"},
	{"reference: sign", `<a>&#-1;</a>`, "1:4: malformed character reference"},
	{"reference: blank", `<a>&# 65;</a>`, "1:4: malformed character reference"},
	{"reference: NUL", `<a>&#0;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: NUL in hexadecimal", `<a>&#x00;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: control character", `<a>&#1;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: vertical tab", `<a>&#x0B;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: surrogate", `<a>&#xD800;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: surrogate pair", `<a>&#xD83D;&#xDE00;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: U+FFFE", `<a>&#xFFFE;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: U+FFFF", `<a>&#65535;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: beyond U+10FFFF", `<a>&#x110000;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: overflow", `<a>&#99999999999999999999;</a>`, "1:4: character reference to a character that is not allowed in XML"},
	{"reference: overflow to a letter", `<a>&#x100000041;</a>`, "1:4: character reference to a character that is not allowed in XML"},

	// markup in content
	{"]]> in text", `<a>s3cret]]></a>`, `1:10: "]]>" in text`},
	{"]]]> in text", `<a>s3cret]]]></a>`, `1:11: "]]>" in text`},
	{"]]> after CDATA", `<a><![CDATA[s3cret]]>]]></a>`, `1:22: "]]>" in text`},
	{"CDATA in CDATA", `<a><![CDATA[ <![CDATA[s3cret]]> ]]></a>`, `1:33: "]]>" in text`},
	{"CDATA in lower case", `<a><![cdata[s3cret]]></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"CDATA with a blank", `<a><![ CDATA[s3cret]]></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"CDATA without its bracket", `<a><![CDATA s3cret]]></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"CDATA in a tag", `<a <![CDATA[s3cret]]>/>`, "1:4: a name is expected"},
	{"conditional section", `<a><![INCLUDE[s3cret]]></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"element declaration in content", `<a><!ELEMENT a ANY></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"element declaration before the root", `<!ELEMENT a ANY><a/>`, "1:1: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"-- in a comment", `<a><!-- s3cret -- s3cret --></a>`, `1:16: "--" in a comment`},
	{"-- in a comment before the root", "<!--\n -- s3cret\n-->\n<a/>", `2:2: "--" in a comment`},
	{"---> ends a comment", `<a><!-- s3cret ---></a>`, `1:16: "--" in a comment`},
	{"comment in a comment", `<a><!-- <!-- s3cret --> --></a>`, `1:11: "--" in a comment`},
	{"--> twice", `<a><!-- s3cret --> s3cret --></a><a>`, "1:34: a second root element"},
	{"<!--> is no comment", `<a><!--></a>`, "1:4: comment is not closed"},
	{"<!---> is no comment", `<a><!---></a>`, "1:4: comment is not closed"},
	{"comment with one hyphen", `<a><!- s3cret --></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"comment with a blank", `<a><! -- s3cret --></a>`, "1:4: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"comment in a tag", `<a <!-- s3cret --> />`, "1:4: a name is expected"},
	{"comment after the blank of a tag", `<a><b <!-- s3cret --></b></a>`, "1:7: a name is expected"},

	// declaration
	{"declaration after a blank", ` <?xml version="1.0"?><a/>`, "1:2: XML declaration that is not at the very beginning of the document"},
	{"declaration after a newline", "\n<?xml version=\"1.0\"?><a/>", "2:1: XML declaration that is not at the very beginning of the document"},
	{"declaration after a comment", `<!-- s3cret --><?xml version="1.0"?><a/>`, "1:16: XML declaration that is not at the very beginning of the document"},
	{"declaration after a mark and a blank", "\xEF\xBB\xBF <?xml version=\"1.0\"?><a/>", "1:2: XML declaration that is not at the very beginning of the document"},
	{"declaration twice", `<?xml version="1.0"?><?xml version="1.0"?><a/>`, "1:22: XML declaration that is not at the very beginning of the document"},
	{"declaration in content", `<a><?xml version="1.0"?></a>`, "1:4: XML declaration that is not at the very beginning of the document"},
	{"declaration after the root", `<a/><?xml version="1.0"?>`, "1:5: XML declaration that is not at the very beginning of the document"},
	{"instruction named XML", `<?XML version="1.0"?><a/>`, `1:3: the target "XML" of a processing instruction is reserved`},
	{"instruction named xMl", `<a><?xMl s3cret?></a>`, `1:6: the target "xMl" of a processing instruction is reserved`},
	{"declaration empty", `<?xml?><a/>`, "1:6: the XML declaration has no version"},
	{"declaration with a blank only", `<?xml ?><a/>`, "1:7: the XML declaration has no version"},
	{"declaration without a version", `<?xml encoding="UTF-8"?><a/>`, "1:7: malformed XML declaration"},
	{"declaration in another order", `<?xml encoding="UTF-8" version="1.0"?><a/>`, "1:7: malformed XML declaration"},
	{"declaration: standalone before encoding", `<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>`, "1:38: malformed XML declaration"},
	{"declaration: standalone maybe", `<?xml version="1.0" standalone="maybe"?><a/>`, `1:33: standalone is neither "yes" nor "no"`},
	{"declaration: standalone in capitals", `<?xml version="1.0" standalone="YES"?><a/>`, `1:33: standalone is neither "yes" nor "no"`},
	{"declaration: another attribute", `<?xml version="1.0" s3cret="s3cret"?><a/>`, "1:21: malformed XML declaration"},
	{"declaration: version twice", `<?xml version="1.0" version="1.0"?><a/>`, "1:21: malformed XML declaration"},
	{"declaration: encoding twice", `<?xml version="1.0" encoding="UTF-8" encoding="UTF-8"?><a/>`, "1:38: malformed XML declaration"},
	{"declaration: standalone first", `<?xml standalone="yes"?><a/>`, "1:7: malformed XML declaration"},
	{"declaration: standalone twice", `<?xml version="1.0" standalone="yes" standalone="yes"?><a/>`, "1:38: malformed XML declaration"},
	{"declaration: Version", `<?xml Version="1.0"?><a/>`, "1:7: malformed XML declaration"},
	{"declaration without quotes", `<?xml version=1.0?><a/>`, "1:14: malformed XML declaration"},
	{"declaration with mixed quotes", `<?xml version="1.0'?><a/>`, "1:14: malformed XML declaration"},
	{"declaration without an equals sign", `<?xml version "1.0"?><a/>`, "1:14: malformed XML declaration"},
	{"declaration without a blank between", `<?xml version="1.0"encoding="UTF-8"?><a/>`, "1:20: malformed XML declaration"},
	{"declaration with a comma", `<?xml version="1.0", encoding="UTF-8"?><a/>`, "1:20: malformed XML declaration"},
	{"declaration ends with >", `<?xml version="1.0"><a/>`, "1:20: malformed XML declaration"},
	{"declaration ends with ? >", `<?xml version="1.0"? ><a/>`, "1:20: malformed XML declaration"},
	{"declaration: no-break space", "<?xml\u00A0version=\"1.0\"?><a/>", "1:6: malformed XML declaration"},
	{"version 1.1", `<?xml version="1.1"?><a/>`, "1:16: the XML version is not 1.0"},
	{"version 1.1 with a reference to a control character", `<?xml version="1.1"?><a>&#1;</a>`, "1:16: the XML version is not 1.0"},
	{"version 2.0", `<?xml version="2.0"?><a/>`, "1:16: the XML version is not 1.0"},
	{"version empty", `<?xml version=""?><a/>`, "1:16: the XML version is not 1.0"},
	{"version with a blank", `<?xml version=" 1.0"?><a/>`, "1:16: the XML version is not 1.0"},
	{"version 1.00", `<?xml version="1.00"?><a/>`, "1:16: the XML version is not 1.0"},

	// instructions
	{"instruction without a target", `<a><??></a>`, "1:6: a name is expected"},
	{"instruction with a blank first", `<a><? p s3cret?></a>`, "1:6: a name is expected"},
	{"instruction without a blank after its target", `<a><?p"s3cret"?></a>`, "1:7: white space is missing after the target of a processing instruction"},
	{"instruction: equals sign in its target", `<a><?p=s3cret?></a>`, "1:7: white space is missing after the target of a processing instruction"},
	{"instruction: digit first", `<a><?1p s3cret?></a>`, "1:6: a name is expected"},
	{"instruction: colon", `<a><?p:q s3cret?></a>`, "1:7: colon in the target of a processing instruction"},
	{"instruction ends with >", `<a><?p s3cret></a>`, "1:4: processing instruction is not closed"},

	// doctype
	{"doctype after the root", `<a/><!DOCTYPE a>`, "1:5: DOCTYPE that is not before the root element"},
	{"doctype in content", `<a><!DOCTYPE a></a>`, "1:4: DOCTYPE that is not before the root element"},
	{"doctype twice", `<!DOCTYPE a><!DOCTYPE a><a/>`, "1:13: a second DOCTYPE"},
	{"doctype without a name", `<!DOCTYPE><a/>`, "1:10: white space is missing after <!DOCTYPE"},
	{"doctype without a name, blank", `<!DOCTYPE ><a/>`, "1:11: a name is expected"},
	{"doctype in lower case", `<!doctype a><a/>`, "1:1: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"doctype without a blank", `<!DOCTYPEa><a/>`, "1:10: white space is missing after <!DOCTYPE"},
	{"doctype with a blank first", `<! DOCTYPE a><a/>`, "1:1: markup that is neither a comment nor a CDATA section nor a DOCTYPE"},
	{"doctype: garbage", `<!DOCTYPE a s3cret><a/>`, "1:13: malformed DOCTYPE"},
	{"doctype: SYSTEM without a literal", `<!DOCTYPE a SYSTEM><a/>`, "1:19: malformed DOCTYPE"},
	{"doctype: SYSTEM without quotes", `<!DOCTYPE a SYSTEM s3cret><a/>`, "1:20: malformed DOCTYPE"},
	{"doctype: SYSTEM without a blank", `<!DOCTYPE a SYSTEM"s3cret"><a/>`, "1:19: malformed DOCTYPE"},
	{"doctype: system in lower case", `<!DOCTYPE a system "s3cret"><a/>`, "1:13: malformed DOCTYPE"},
	{"doctype: SYSTEM with two literals", `<!DOCTYPE a SYSTEM "s3cret" "s3cret"><a/>`, "1:29: malformed DOCTYPE"},
	{"doctype: PUBLIC without a system identifier", `<!DOCTYPE a PUBLIC "s3cret"><a/>`, "1:28: malformed DOCTYPE"},
	{"doctype: PUBLIC without a blank between", `<!DOCTYPE a PUBLIC "s3cret""s3cret"><a/>`, "1:28: malformed DOCTYPE"},
	{"doctype: PUBLIC with a wrong character", `<!DOCTYPE a PUBLIC "s3cret{}" "s3cret"><a/>`, "1:27: character that a public identifier cannot hold"},
	{"doctype: PUBLIC with a tab", "<!DOCTYPE a PUBLIC \"s3cret\t\" \"s3cret\"><a/>", "1:27: character that a public identifier cannot hold"},
	{"doctype: system identifier beyond the first plane", `<!DOCTYPE a SYSTEM "s3cret😀"><a/>`, "1:27: character beyond U+FFFF in a system identifier"},
	{"doctype: control character in a system identifier", "<!DOCTYPE a SYSTEM \"s3cret\x01\"><a/>", "1:27: character U+0001 is not allowed in XML"},
	{"doctype: comment inside", `<!DOCTYPE a <!-- s3cret --> ><a/>`, "1:13: malformed DOCTYPE"},
	{"doctype: two colons", `<!DOCTYPE a:b:c><a/>`, "1:14: misplaced colon in a name"},
	{"doctype: digit first", `<!DOCTYPE 1a><a/>`, "1:11: a name is expected"},
	{"internal subset: empty", `<!DOCTYPE a []><a/>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: entity", `<!DOCTYPE a [<!ENTITY e "s3cret">]><a>&e;</a>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: after SYSTEM", `<!DOCTYPE a SYSTEM "s3cret" [<!ENTITY e "s3cret">]><a/>`, "1:29: DOCTYPE with an internal subset is not supported"},
	{"internal subset: garbage", `<!DOCTYPE a [s3cret]><a/>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: bad declaration", `<!DOCTYPE a [<!ENTITY e s3cret>]><a/>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: external entity", `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: external parameter entity", `<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1/s3cret"> %e;]><a/>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: recursive entity", `<!DOCTYPE a [<!ENTITY e "&e;">]><a>&e;</a>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: entities of entities", `<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: less-than sign in an entity", `<!DOCTYPE a [<!ENTITY e "<">]><a x="&e;"/>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: default attribute", `<!DOCTYPE a [<!ATTLIST a x CDATA "s3cret">]><a/>`, "1:13: DOCTYPE with an internal subset is not supported"},
	{"internal subset: never closed", `<!DOCTYPE a [<!ENTITY e "s3cret"`, "1:13: DOCTYPE with an internal subset is not supported"},

	// namespaces
	{"undeclared prefix of an element", `<p:a/>`, `1:2: namespace prefix "p" is not declared`},
	{"undeclared prefix of an attribute", `<a p:x="s3cret"/>`, `1:4: namespace prefix "p" is not declared`},
	{"undeclared prefix of a child", "<a>\n  <p:b>s3cret</p:b>\n</a>", `2:4: namespace prefix "p" is not declared`},
	{"undeclared prefix after its scope", `<a><b xmlns:p="u"/><p:c/></a>`, `1:21: namespace prefix "p" is not declared`},
	{"undeclared prefix beside its declaration", `<a><b xmlns:p="u"/><c p:x="s3cret"/></a>`, `1:23: namespace prefix "p" is not declared`},
	{"undeclared prefix in another case", `<a xmlns:P="u"><p:b/></a>`, `1:17: namespace prefix "p" is not declared`},
	{"two colons", `<a:b:c xmlns:a="u"/>`, "1:5: misplaced colon in a name"},
	{"two colons in an attribute", `<a xmlns:b="u" b:c:d="s3cret"/>`, "1:19: misplaced colon in a name"},
	{"colon first", `<:a/>`, `1:1: "<" that begins no tag`},
	{"colon last", `<a:/>`, "1:3: misplaced colon in a name"},
	{"colon alone", `<:/>`, `1:1: "<" that begins no tag`},
	{"colon first in an attribute", `<a :x="s3cret"/>`, "1:4: a name is expected"},
	{"colon last in an attribute", `<a xmlns:p="u" p:="s3cret"/>`, "1:17: misplaced colon in a name"},
	{"digit after the colon", `<p:1 xmlns:p="u"/>`, "1:3: misplaced colon in a name"},
	{"digit first in a prefix", `<1p:a xmlns:p="u"/>`, `1:1: "<" that begins no tag`},
	{"blank after the colon", `<p: a xmlns:p="u"/>`, "1:3: misplaced colon in a name"},
	{"prefix undeclared again", `<a xmlns:p="u"><b xmlns:p=""/></a>`, "1:19: a namespace prefix cannot be undeclared"},
	{"prefix declared empty", `<a xmlns:p=""/>`, "1:4: a namespace prefix cannot be undeclared"},
	{"prefix xmlns declared", `<a xmlns:xmlns="u"/>`, "1:4: the prefix xmlns cannot be declared"},
	{"prefix xmlns declared as itself", `<a xmlns:xmlns="http://www.w3.org/2000/xmlns/"/>`, "1:4: the prefix xmlns cannot be declared"},
	{"prefix xmlns of an element", `<xmlns:a/>`, `1:2: namespace prefix "xmlns" is not declared`},
	{"prefix xml bound to another name", `<a xmlns:xml="u"/>`, "1:4: the prefix xml and its namespace belong together alone"},
	{"xml namespace bound to another prefix", `<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, "1:4: the prefix xml and its namespace belong together alone"},
	{"xml namespace as the default", `<a xmlns="http://www.w3.org/XML/1998/namespace"/>`, "1:4: the prefix xml and its namespace belong together alone"},
	{"xmlns namespace bound to a prefix", `<a xmlns:p="http://www.w3.org/2000/xmlns/"/>`, "1:4: the namespace of xmlns cannot be declared"},
	{"xmlns namespace as the default", `<a xmlns="http://www.w3.org/2000/xmlns/"/>`, "1:4: the namespace of xmlns cannot be declared"},
	{"declaration of a prefix without a name", `<a xmlns:="u"/>`, "1:9: misplaced colon in a name"},
	{"declaration of a prefix with a digit first", `<a xmlns:1="u"/>`, "1:9: misplaced colon in a name"},
	{"declaration of a prefix with two colons", `<a xmlns:p:q="u"/>`, "1:11: misplaced colon in a name"},
}

func utf16le(s string) string { return encode16(s, binary.LittleEndian) }
func utf16be(s string) string { return encode16(s, binary.BigEndian) }

func encode16(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func TestBroken(t *testing.T) {
	t.Parallel()
	names := make(map[string]bool)
	for _, tt := range broken {
		if names[tt.name] {
			t.Errorf("two rows are named %q", tt.name)
		}
		names[tt.name] = true
		_, err := Parse([]byte(tt.in))
		checkRefusal(t, tt.name, err, tt.want)
	}
	t.Logf("%d broken documents refused", len(broken))
}

// checkRefusal checks that err is an [*Error] with the text want that quotes no content.
func checkRefusal(t *testing.T, name string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted, want %s", name, want)
		return
	}
	if got := err.Error(); got != want {
		t.Errorf("%s:\n got %s\nwant %s", name, got, want)
	}
	checkDiscreet(t, name, err)
}

// checkDiscreet checks that err is an [*Error] that quotes no content.
func checkDiscreet(t *testing.T, name string, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("%s: the error is a %T", name, err)
		return
	}
	if strings.Contains(e.Msg+e.Hint, canary) {
		t.Errorf("%s: the message quotes content: %s (%s)", name, e.Msg, e.Hint)
	}
}

func nested(depth int) string {
	return strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth)
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}

func namespaces(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` xmlns:p%d="u"`, i)
	}
	return b.String()
}

// shaped is a file shaped like those of a home, with the canary wherever it has contents.
const shaped = `<?xml version="1.0" encoding="UTF-8"?>
<!-- s3cret & <s3cret> -->
<!DOCTYPE Server SYSTEM "s3cret">
<?style s3cret?>
<Server xmlns="http://wso2.org/s3cret" xmlns:svns='http://org.wso2.securevault/s3cret' port='8005' shutdown="s3cret">
    <!--HostName>s3cret</HostName-->
    <Service name="s3cret &lt;&#x20AC;&gt;">
	<Connector  port="9443"
                   scheme = "s3cret"
            	keystorePass='s3cret "s3cret"'
                   />
    </Service>
    <password svns:secretAlias="s3cret.s3cret"></password >
    <url>jdbc:mysql://s3cret:3306/s3cret?user=s3cret&amp;password=s3cret</url>
    <query><![CDATA[select * from s3cret where a < 1 && b ]> 2]]></query>
    <Größe einheit="µ">s3cret ]] ></Größe><empty/>
</Server >
<!-- s3cret -->
<?end s3cret?>
`

// TestTruncated cuts documents at every byte. Only what ends between the tokens, or in the white space, behind the
// root element is a document.
func TestTruncated(t *testing.T) {
	t.Parallel()
	documents := map[string][]byte{"shaped": []byte(shaped)}
	for path, src := range odd(t) {
		documents[path] = src
	}
	for name, src := range documents {
		checkTruncated(t, name, src)
	}
}

func TestTruncatedCorpus(t *testing.T) {
	t.Parallel()
	path := filepath.Join(corpus(t), "ei-6.1.1/conf/axis2/axis2.xml")
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	checkTruncated(t, path, src)
}

func checkTruncated(t *testing.T, name string, src []byte) {
	t.Helper()
	whole := wholePrefixes(t, name, src)
	for n := range src {
		_, err := Parse(src[:n])
		switch {
		case err == nil && !whole[n]:
			t.Errorf("%s: accepted when cut at byte %d of %d", name, n, len(src))
		case err != nil && whole[n]:
			t.Errorf("%s: refused when cut at byte %d of %d, behind the root: %v", name, n, len(src), err)
		case err != nil:
			checkDiscreet(t, fmt.Sprintf("%s, cut at %d", name, n), err)
		}
	}
}

// wholePrefixes returns the lengths at which src can be cut so that it stays a document.
func wholePrefixes(t *testing.T, name string, src []byte) map[int]bool {
	t.Helper()
	whole := make(map[int]bool)
	depth, rooted := 0, false
	for _, k := range scan(t, name, src) {
		for n := k.lo + 1; rooted && depth == 0 && k.kind == tokenText && n < k.hi; n++ {
			whole[n] = true
		}
		switch {
		case k.kind == tokenStart && !k.closed:
			depth++
		case k.kind == tokenEnd:
			depth--
		}
		rooted = rooted || k.kind == tokenStart
		if rooted && depth == 0 {
			whole[k.hi] = true
		}
	}
	return whole
}

// TestDamaged changes every byte of a document. What is wrong with it is said without its contents.
func TestDamaged(t *testing.T) {
	t.Parallel()
	refused := 0
	for i := range shaped {
		for _, by := range []string{"", "<", ">", "&", "\"", "'", "-", "]", "/", "?", "=", ":", ";", " ", "\n", "\x00", "\xFF", "&s3cret"} {
			_, err := Parse([]byte(shaped[:i] + by + shaped[i+1:]))
			if err != nil {
				refused++
				checkDiscreet(t, fmt.Sprintf("%q for byte %d", by, i), err)
			}
		}
	}
	t.Logf("%d damaged documents refused", refused)
}
