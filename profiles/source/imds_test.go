package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carbonpatch/carbonpatch/profiles/source/imdstest"
)

// serve has handler answer where the metadata are asked for, and returns the host.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	t.Setenv(endpointVariable, server.URL)
	return server.Listener.Addr().String()
}

// told is an error with its hint; what is another one in each run has a name.
func told(err error, host string) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if hint := Hint(err); hint != "" {
		text += " | " + hint
	}
	return strings.ReplaceAll(text, host, "HOST")
}

func TestInstanceMetadata(t *testing.T) {
	service := imdstest.Handler(map[string]string{
		"local-ipv4": "10.0.0.7", "tags/instance/Name": "worker1\n", "tags/instance/Two Words?": "x",
		"placement/availability-zone": "eu-west-1a", "empty": "\n", "macs": "a/\nb/\n", "large": strings.Repeat("x", maxSize+1), "full": strings.Repeat("x", maxSize),
	})
	var asked atomic.Int32
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			asked.Add(1)
		}
		service.ServeHTTP(w, r)
	}))
	const (
		such  = "such are imds:local-ipv4, imds:instance-id and imds:tags/NAME"
		allow = "give the instance the tag, and allow tags in its metadata: aws ec2 modify-instance-metadata-options --instance-metadata-tags enabled"
	)
	tests := []struct{ path, want, wantErr string }{
		{"local-ipv4", "10.0.0.7", ""},
		{"tags/Name", "worker1", ""},
		{"tags/instance/Name", "worker1", ""},
		{"tags/Two Words?", "x", ""},
		{"placement/availability-zone", "eu-west-1a", ""},
		{"full", strings.Repeat("x", maxSize), ""},
		{"tags/Role", "", "imds:tags/Role is not known: the metadata of this instance have no tag Role | " + allow},
		{"local-ip", "", "imds:local-ip is not known: the metadata of this instance have no such path | " + such},
		{"empty", "", "imds:empty is empty"},
		{"macs", "", "imds:macs has more than one line"},
		{"large", "", "imds:large is not known: the answer is larger than 64 KiB"},
		{"../user-data", "", "imds:../user-data is no path of the instance metadata | " + such},
		{"/local-ipv4", "", "imds:/local-ipv4 is no path of the instance metadata | " + such},
		{".", "", "imds:. is no path of the instance metadata | " + such},
	}
	r := NewReader(t.Context())
	for range 2 {
		for _, tt := range tests {
			got, err := r.Read("imds:" + tt.path)
			if got.Reveal() != tt.want || told(err, host) != tt.wantErr {
				t.Errorf("%s: got %q, %s, want %q, %s", tt.path, got.Reveal(), told(err, host), tt.want, tt.wantErr)
			}
		}
	}
	if got, want := int(asked.Load()), len(tests)-3; got != want {
		t.Errorf("the server was asked %d times, want %d: each path once", got, want)
	}
}

func TestMetadataOfNoUse(t *testing.T) {
	token := func(next http.HandlerFunc) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("PUT /latest/api/token", imdstest.Handler(nil))
		mux.HandleFunc("GET /", next)
		return mux
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "10.6.6.6") }))
	defer elsewhere.Close()
	wait := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, strings.Repeat("x", 1<<10))
		}
	}
	trickle := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}
	answer := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "why is not to be shown", code) }
	}
	const (
		again = " | run the command again"
		v2    = "imds:local-ipv4 is not known: what answers at HOST is no metadata service with tokens (IMDSv2) | see what AWS_EC2_METADATA_SERVICE_ENDPOINT names"
		off   = "imds:local-ipv4 is not known: the metadata of this instance are turned off | aws ec2 modify-instance-metadata-options --http-endpoint enabled"
		hop   = "imds:local-ipv4 is not known: HOST takes the question for a token and does not answer it | " +
			"in a container, IMDSv2 needs a hop limit of 2: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2"
	)
	tests := []struct {
		name    string
		handler http.Handler
		wantErr string
	}{
		{"no answer to the question for a token", http.HandlerFunc(wait), hop},
		{"no answer after that", token(wait), "imds:local-ipv4 is not known: HOST does not answer within 1s" + again},
		{"an answer that goes on slowly", token(trickle), "imds:local-ipv4 is not known: HOST does not answer within 1s" + again},
		{"an answer without end", token(endless), "imds:local-ipv4 is not known: the answer is larger than 64 KiB"},
		{"a token without end", http.HandlerFunc(endless), v2},
		{"500", token(answer(500)), "imds:local-ipv4 is not known: HOST answers 500 Internal Server Error" + again},
		{"401 for the token", token(answer(401)), "imds:local-ipv4 is not known: HOST answers 401 Unauthorized" + again},
		{"turned off", http.HandlerFunc(answer(403)), off},
		{"no tokens", http.HandlerFunc(answer(404)), v2},
		{"500 for a token", http.HandlerFunc(answer(500)), v2},
		{"some other server", http.HandlerFunc(answer(200)), v2},
		{"redirected", token(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}), "imds:local-ipv4 is not known: HOST answers 307 Temporary Redirect" + again},
		{"redirected when asked for a token", http.RedirectHandler(elsewhere.URL, http.StatusPermanentRedirect), v2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			host := serve(t, tt.handler)
			start := time.Now()
			got, err := NewReader(t.Context()).Read("imds:local-ipv4")
			if told(err, host) != tt.wantErr || got.Reveal() != "" {
				t.Errorf("got %q, %s, want %s", got.Reveal(), told(err, host), tt.wantErr)
			}
			if took := time.Since(start); took > 2*metadataPatience {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// All questions of a run together wait no longer than one.
func TestNothingAnswers(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close()
	t.Setenv(endpointVariable, "http://"+host)
	r, start := NewReader(t.Context()), time.Now()
	for n := range 20 {
		_, err := r.Read(fmt.Sprintf("imds:tags/%d", n))
		want := fmt.Sprintf("imds:tags/%d is not known: nothing answers at HOST | only an EC2 instance has metadata; elsewhere fact:ip, fact:hostname or env:NAME may do", n)
		if got := told(err, host); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if took := time.Since(start); took > 2*metadataPatience {
		t.Errorf("it took %v", took)
	}
}

func TestMetadataEnvironment(t *testing.T) {
	host := serve(t, imdstest.Handler(map[string]string{"local-ipv4": "10.0.0.7"}))
	proxy, err := url.Parse("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.String())
	}
	t.Setenv("NO_PROXY", "")
	if got, err := NewReader(t.Context()).Read("imds:local-ipv4"); got.Reveal() != "10.0.0.7" || err != nil {
		t.Errorf("with a proxy: got %q, %v", got.Reveal(), err)
	}
	t.Setenv(disabledVariable, "True")
	_, err = NewReader(t.Context()).Read("imds:local-ipv4")
	if got, want := told(err, host), "imds:local-ipv4 is not known: AWS_EC2_METADATA_DISABLED is true | unset it where the metadata of the EC2 instance may be asked for"; got != want {
		t.Errorf("disabled: got %s, want %s", got, want)
	}
	t.Setenv(disabledVariable, "")
	for _, endpoint := range []string{"169.254.169.254", "ftp://x", "http://", "http://\x7f"} {
		t.Setenv(endpointVariable, endpoint)
		_, err = NewReader(t.Context()).Read("imds:local-ipv4")
		if got, want := told(err, host), "imds:local-ipv4 is not known: AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL of a server | such as http://169.254.169.254"; got != want {
			t.Errorf("%q: got %s, want %s", endpoint, got, want)
		}
	}
}

func TestInterruptEndsTheWait(t *testing.T) {
	serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err := NewReader(ctx).Read("imds:local-ipv4")
	if took := time.Since(start); !errors.Is(err, context.Canceled) || took > answerPatience {
		t.Errorf("got %v after %v", err, took)
	}
}

func TestElsewhere(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_VALUE", "x")
	r := NewReader(t.Context())
	r.Elsewhere = true
	for _, text := range []string{"fact:ip", "fact:hostname", "imds:local-ipv4"} {
		_, err := r.Read(text)
		if got, want := told(err, "HOST"), text+" is another one on the machine that this is for | --phase image leaves open what only the machine knows"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got, err := r.Read("env:CARBONPATCH_TEST_VALUE"); got.Reveal() != "x" || err != nil {
		t.Errorf("got %q, %v", got.Reveal(), err)
	}
}
