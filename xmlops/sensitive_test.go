package xmlops

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// masked is text with a mask for each of spans, joined where they overlap.
func masked(text string, spans [][2]int) string {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	out, done := "", 0
	for _, span := range spans {
		if span[0] >= done {
			out += text[done:span[0]] + "*"
		}
		done = max(done, span[1])
	}
	return out + text[done:]
}

func TestSensitive(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"password": true, "KeyStorePassword": true, "svnPasword": true, "pass": true, "dbpass": true, "connection-pass": true, "keyPass2": true, "passcode": true,
		"pass_phrase": true, "pw": true, "bindPW": true, "svnPw": true, "ldap.bind-pw": true, "pwd": true, "dbPwd": true, "client_secret": true,
		"api_key": true, "api-key": true, "API Keys": true, "private_key": true, "SSH_KEY": true, "sessionKey": true, "encryptionKey": true, "AccountKey": true,
		"java.naming.security.credentials": true, "credential": true, "Authorization": true, "Proxy-Authorization": true, "bearer": true, "refresh_token": true,
		"": false, "p": false, "secretAlias": false, "bypass": false, "httpw": false, "KeyAlias": false, "licenseKey": false, "primaryKey": false, "TokenPerPage": false,
		"TokenStoreClassName": false, "CredentialProvider": false, "AuthorizationManager": false, "EnableAuthorization": false, "keystoreFile": false,
	} {
		if got := Sensitive(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSensitiveSpans(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"an attribute", `<a keystorePass="S" port="2"/>`, `<a keystorePass="*" port="2"/>`},
		{"an element", `<password>S</password><bypass>v</bypass>`, `<password>*</password><bypass>v</bypass>`},
		{"CDATA", `<SvnPassword> <![CDATA[S]]> </SvnPassword>`, `<SvnPassword> <![CDATA[*]]> </SvnPassword>`},
		{"the fused shape", `<!--Password>S</Password--><a>v</a>`, `<!--Password>*</Password--><a>v</a>`},
		{"more of it", `<!--a b="v" pwd="S"/--><a>v</a>`, `<!--a b="v" pwd="*"/--><a>v</a>`},
		{"a commented element", `<!-- <secretKey>S</secretKey> --><a>v</a>`, `<!-- <secretKey>*</secretKey> --><a>v</a>`},
		{"one that is not closed there", `<!-- <secretKey>S --><a>v</a>`, `<!-- <secretKey>*--><a>v</a>`},
		{"named", `<p name="accessKey">S</p><p name="x">v</p>`, `<p name="accessKey">*</p><p name="x">v</p>`},
		{"the value last", `<property name="password" value="S"/>`, `<property name="password" value="*"/>`},
		{"the value first", `<property value='S' name='my.secret'/>`, `<property value='*' name='my.secret'/>`},
		{"other words for it", `<entry id="password" value="S"/><param key="password" val="S"/>`, `<entry id="password" value="*"/><param key="password" val="*"/>`},
		{"a name with references", `<p name="pass&#119;ord">S</p><p name="pass&#x77;ord" value="S"/>`, `<p name="pass&#119;ord">*</p><p name="pass&#x77;ord" value="*"/>`},
		{"an alias", `<p svns:secretAlias="alias">v</p>`, `<p svns:secretAlias="alias">v</p>`},
		{"a comment in it", `<password><!-- old -->S</password>`, `<password><!--*-->*</password>`},
		{"only a comment in it", `<Password><!--S--></Password>`, `<Password><!--*--></Password>`},
		{"values in it", `<p name="x.token"><value>S</value><v value="S"/></p>`, `<p name="x.token"><value>*</value><v value="*"/></p>`},
		{"attributes in it", `<Password><a b="S"/></Password><a b="v"/>`, `<Password><a b="*"/></Password><a b="v"/>`},
		{"a name beside it", `<p><name>password</name><value>S</value><x>v</x></p><value>v</value>`, `<p><name>password</name><value>*</value><x>v</x></p><value>v</value>`},
		{"a name behind it", `<p><param-value>S</param-value><param-name>password</param-name></p>`, `<p><param-value>*</param-value><param-name>password</param-name></p>`},
		{"a key", `<entry><key><![CDATA[pass&#119;ord]]></key><value>S</value></entry>`, `<entry><key><![CDATA[pass&#119;ord]]></key><value>*</value></entry>`},
		{"a key before something else", `<dict><key>password</key><string>S</string><key>x</key><string>v</string></dict>`, `<dict><key>password</key><string>*</string><key>x</key><string>v</string></dict>`},
		{"another name", `<p><name>x</name><value>v</value></p>`, `<p><name>x</name><value>v</value></p>`},
		{"a commented name beside it", `<!-- <p><name>password</name><value>S</value></p> -->`, `<!-- <p><name>password</name><value>*</value></p> -->`},
		{"credentials", `<credential>S</credential><p name="java.naming.security.credentials">S</p><a credentials="S"/>`, `<credential>*</credential><p name="java.naming.security.credentials">*</p><a credentials="*"/>`},
		{"what else is called so", `<Credential type="x">org.wso2.Email</Credential><credentials>who may do it</credentials><Credential><user>v</user></Credential>`, ""},
		{"a value of credentials", `<credential value="S"/><credential value="org.wso2.Email"/>`, `<credential value="*"/><credential value="org.wso2.Email"/>`},
		{"a switch", `<p><AnyCredential>true</AnyCredential></p>`, ""},
		{"not closed", `<password unclosed>S`, `<password unclosed>*`},
		{"an instruction", `<?x password="S" y="v"?>`, `<?x password="*" y="v"?>`},
		{"a URL with references", `<a>https://u:S&#64;h/</a><a>https:&#47;/u:S@h/</a>`, `<a>https://*&#64;h/</a><a>https:&#47;/*@h/</a>`},
		{"a quoted value with references", `<a b="x=&quot;v&quot; password=&quot;S;S S&quot;;z=1"/>`, `<a b="x=&quot;v&quot; password=&quot;*&quot;;z=1"/>`},
		{"XML in a text", `<a>&lt;Password>S S&lt;/Password>&lt;p name=&quot;token&quot; value=&quot;S&quot;/></a>`, `<a>&lt;Password>*&lt;/Password>&lt;p name=&quot;token&quot; value=&quot;*&quot;/></a>`},
		{"XML in XML in a text", `<a>&lt;a>&amp;lt;Password>S S&amp;lt;/Password>&lt;/a></a>`, `<a>&lt;a>&amp;lt;Password>*&amp;lt;/Password>&lt;/a></a>`},
		{"XML in CDATA", `<a><![CDATA[<Password>S S</Password>]]></a>`, `<a><![CDATA[<Password>*</Password>]]></a>`},
		{"JSON in a text", `<a>{"x": "v", "password": "S S"}</a>`, `<a>{"x": "v", "password": "*"}</a>`},
		{"JSON in an attribute", `<a b="{&quot;password&quot;: &quot;S S&quot;}"/>`, `<a b="{&quot;password&quot;: &quot;*&quot;}"/>`},
		{"JSON in a comment", `<!-- {"password": "S"} -->`, `<!-- {"password": "*"} -->`},
		{"on the next line of a comment", "<!-- password:\n  S -->", "<!-- password:\n  * -->"},
		{"an attribute without quotes", `<!-- <Connector keystorePass=S x=v> -->`, `<!-- <Connector keystorePass=* x=v> -->`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.want == "" {
				test.want = test.in
			}
			if got := masked(test.in, SensitiveSpans([]byte(test.in))); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestSensitiveText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", `a name=x, https://h:80/p?q=r`, ``},
		{"user-info", `see https://u:S@h/p`, `see https://*@h/p`},
		{"a user alone", `https://joe@h/x@y`, `https://*@h/x@y`},
		{"a slash", `jdbc:mysql://u:x/S@h/d`, `jdbc:mysql://*@h/d`},
		{"a number sign", `https://u:a#S@h/`, `https://*@h/`},
		{"a question mark", `https://u:a?S@h/`, `https://*@h/`},
		{"an at", `https://u:a@b/S@h/p`, `https://*@h/p`},
		{"a quote", `https://u:a'S"S@h/p`, `https://*@h/p`},
		{"a number first", `https://u:12/S@h/p`, `https://*@h/p`},
		{"in quotes", `"http://h:${p}/" "a@b"`, ``},
		{"a broker", `amqp://admin:pa#S@clientid/carbon?brokerlist='tcp://localhost:5672'`, `amqp://*@clientid/carbon?brokerlist='tcp://localhost:5672'`},
		{"a port", `http://a:80/x@y`, ``},
		{"no port", `http://a/x@y:z`, ``},
		{"an address", `http://[::1]:80/x@y`, ``},
		{"no scheme", `//u:S@h/ and //depot/x@y`, `//*@h/ and //depot/x@y`},
		{"a text behind", `<a>http://h:x/</a>a@b`, ``},
		{"slashes that JSON escapes", `"https:\/\/u:S@h\/"`, `"https:\/\/*@h\/"`},
		{"Oracle", `jdbc:oracle:thin:scott/S@x@//h:1521/x`, `jdbc:oracle:thin:*@//h:1521/x`},
		{"a parameter", `jdbc:x://h/d?user=u&password=S&x=y`, `jdbc:x://h/d?user=u&password=*&x=y`},
		{"a parameter behind a semicolon", `jdbc:x://h;password=a&S;x=y`, `jdbc:x://h;password=*;x=y`},
		{"a semicolon in it", `password=a;S`, `password=*`},
		{"a semicolon behind it", `password=S; x`, `password=*; x`},
		{"another pair behind it", `password=S,user=v;token=S&x=v`, `password=*,user=v;token=*&x=v`},
		{"base64", `password=S==;x=v token= S== `, `password=*;x=v token= * `},
		{"quotes", `jdbc:x;password='a S';z=1`, `jdbc:x;password='*';z=1`},
		{"a quote in them", `password='a''b S';z=1 token="a\"b S" x`, `password='*';z=1 token=*" x`},
		{"quotes around part of it", `password="a"b;c x`, `password=* x`},
		{"a quote that is not closed", `password="a b`, `password="*`},
		{"in quotes of something else", `"password=S", "x"`, `"password=*", "x"`},
		{"braces", `jdbc:x;password={a;b c};z=1 {user: v, password: S}`, `jdbc:x;password=*;z=1 {user: v, password: *`},
		{"braces in it", `jdbc:x;password={a;b}}c};z=1`, `jdbc:x;password=*;z=1`},
		{"a command", "-Dpassword=$(echo S) -Dtoken=`echo S`", "-Dpassword=* -Dtoken=`*`"},
		{"a continued line", "password=abc\\\n  S x", "password=* x"},
		{"an escaped blank", `password=a\ S x`, `password=* x`},
		{"blanks", `set password = "S" x`, `set password = "*" x`},
		{"nothing behind it", "password= user=v\ntoken:\nuser: v\nchoose a password:\n\nv", ""},
		{"words", `the API key: S and the pass phrase = S`, `the API key: * and the pass phrase = *`},
		{"prose", `the key: v, the password is v`, ``},
		{"added", `PASSWORD+=S token => S, a := v`, `PASSWORD+=* token => * a := v`},
		{"a scheme", `Authorization: Bearer S x`, `Authorization: Bearer * x`},
		{"in quotes of JSON", `{"password" : "S", 'token': 'S', "x": "v"}`, `{"password" : "*", 'token': '*', "x": "v"}`},
		{"JSON in JSON", `{"x": "{\"password\": \"S S\"}"}`, `{"x": "{\"password\": \"*\"}"}`},
		{"JSON in JSON in JSON", `"{\"x\": \"{\\\"password\\\": \\\"S S\\\"}\"}"`, `"{\"x\": \"{\\\"password\\\": \\\"*\\\"}\"}"`},
		{"a name with escapes", `{"pass\u0077ord": "S"}`, `{"pass\u0077ord": "*"}`},
		{"a name as a value", `{"name": "password", "value": "S"}, {"name": "x", "value": "v"}`, `{"name": "password", "value": "*"}, {"name": "x", "value": "v"}`},
		{"a name elsewhere", `{"name": "password"}, {"value": "v"}, {"value": "v"}, {"name": "password"}`, ``},
		{"the value first", `{"value": "S", "key": "password"}`, `{"value": "*", "key": "password"}`},
		{"XML", `a <Password>S S</Password> <p name="token" value="S"/> b`, `a <Password>*</Password> <p name="token" value="*"/> b`},
		{"XML in a string", `"<p name=\"token\" value=\"S\"/>"`, `"<p name=\"token\" value=\"*\"/>"`},
		{"a message", `set /r/password: no element; set /r/@token: x`, ``},
		{"a comment", "  //password: S\n", "  //password: *\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.want == "" {
				test.want = test.in
			}
			if got := masked(test.in, SensitiveText(test.in)); got != test.want {
				t.Errorf("\n  in %s\n got %s\nwant %s", test.in, got, test.want)
			}
		})
	}
}

// Ranges lie in the text, whatever it is, and what hurts costs little.
func FuzzSensitiveSpans(f *testing.F) {
	for _, seed := range []string{
		`<a p="x" password='S'><!--b token="S"/--><name>key</name><value><![CDATA[S]]></value></a>`, `{"a": "{\"password\": \"S\"}", 'id': "token", val=x}`,
		"password: {a (b [c\n`d`\\\n e", `&amp;lt;password&gt;S&#x3c;/password>\u003ca>`, `https://u:a/S@h //x@y jdbc:oracle:thin:u/S@h`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, spans := range [][][2]int{SensitiveSpans([]byte(text)), SensitiveText(text)} {
			for _, span := range spans {
				if span[0] < 0 || span[0] >= span[1] || span[1] > len(text) {
					t.Fatalf("%v of %d", span, len(text))
				}
			}
		}
	})
}

func TestSensitiveSpansOfHostileText(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"<password>", "<password>\n", "<a>", "<a></b>", "<!--", "<name>token</name>", "<value>", "password=\"", "password={", "password=", "value={", "name='", `value=\"`,
		"//", "//a:b", "https://u:x@", "https://u:x/", "&amp;", "&lt;password&gt;", `\`, `\"`, "jdbc:oracle:a:", "=", "a:", "key :", "password: \\\n", "<!--password=", "&lt;!--",
	} {
		text := "<r>" + strings.Repeat(part, (1<<18)/len(part)) + "</r>"
		for _, text := range []string{text, "<r><!-- " + text + " --></r>"} {
			begin := time.Now()
			SensitiveSpans([]byte(text))
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("%q takes %v", part, took)
			}
		}
	}
}
