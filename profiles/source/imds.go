package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
)

// The metadata service is next to the instance and answers in milliseconds, or it is not there at all. All that a run waits for it is
// metadataPatience.
const (
	metadataPatience = time.Second
	connectPatience  = 250 * time.Millisecond
	answerPatience   = 450 * time.Millisecond
	pause            = 20 * time.Millisecond // before a question is asked again
)

const (
	endpointVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
	disabledVariable = "AWS_EC2_METADATA_DISABLED"
	usualEndpoint    = "http://169.254.169.254"
)

// instance is the EC2 instance that this machine is, if it is one. Its metadata are asked for only with a token (IMDSv2), and each path
// only once.
type instance struct {
	ctx      context.Context
	deadline time.Time // since the first question
	client   *imds.Client
	host     string // that is asked
	door     door
	answers  map[string]answer
}

type answer struct {
	value string
	err   error
}

func (i *instance) read(path string) (string, error) {
	a, ok := i.answers[path]
	if !ok {
		a.value, a.err = i.ask(path)
		i.answers[path] = a
	}
	return a.value, a.err
}

func (i *instance) ask(path string) (string, error) {
	if !fs.ValidPath(path) || path == "." {
		return "", problem("such are imds:local-ipv4, imds:instance-id and imds:tags/NAME", "imds:%s is no path of the instance metadata", path)
	}
	if err := i.connect(path); err != nil {
		return "", err
	}
	ctx, cancel := context.WithDeadline(i.ctx, i.deadline)
	defer cancel()
	full := path
	if tag, ok := strings.CutPrefix(path, "tags/"); ok && !strings.HasPrefix(tag, "instance/") {
		full = "tags/instance/" + tag
	}
	out, err := i.client.GetMetadata(ctx, &imds.GetMetadataInput{Path: full})
	if err != nil {
		return "", i.explain(path, err)
	}
	text, err := io.ReadAll(out.Content) // it is in memory already
	if err != nil {
		return "", i.explain(path, err)
	}
	return oneLine("imds:"+path, string(text))
}

// connect makes the client for the first question.
func (i *instance) connect(path string) error {
	if strings.EqualFold(os.Getenv(disabledVariable), "true") {
		return problem("unset it where the metadata of the EC2 instance may be asked for", "imds:%s is not known: %s is true", path, disabledVariable)
	}
	if i.client != nil {
		return nil
	}
	endpoint := cmp.Or(os.Getenv(endpointVariable), usualEndpoint)
	at, err := url.Parse(endpoint)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return problem("such as "+usualEndpoint, "imds:%s is not known: %s is no URL of a server", path, endpointVariable)
	}
	i.host, i.deadline = at.Host, time.Now().Add(metadataPatience)
	i.client = imds.New(imds.Options{
		Endpoint:       endpoint,
		HTTPClient:     &http.Client{Transport: newTransport(&i.door), CheckRedirect: stay},
		EnableFallback: aws.FalseTernary,

		DisableDefaultMaxBackoff: true, // which sets the pause, too
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 2
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return pause, nil })
		}),
	})
	return nil
}

// stay takes a redirection for the answer: the service makes none, and to whom one leads nobody knows.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// door is how far the service has let us in. The errors of the client do not tell.
type door struct {
	connected bool
	inside    bool // we have a token
	status    int  // of the last answer; 0 where there was none
	late      bool // the last answer did not come in time
}

// transport notes what it finds at the door, and takes in no more than a value may hold.
type transport struct {
	http.Transport
	door *door
}

// newTransport returns a transport that knows of no proxy: the address means another machine there.
func newTransport(d *door) http.RoundTripper {
	dialer := &net.Dialer{Timeout: connectPatience}
	t := &transport{door: d}
	t.ResponseHeaderTimeout = answerPatience
	t.MaxResponseHeaderBytes = maxSize
	t.DialContext = dialer.DialContext
	return t
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.door.inside = req.Method == http.MethodGet
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { t.door.connected = true }}
	resp, err := t.Transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		timeout := net.Error(nil)
		t.door.status, t.door.late = 0, errors.As(err, &timeout) && timeout.Timeout()
		return nil, err
	}
	t.door.status, t.door.late = resp.StatusCode, false
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxSize)
	return resp, nil
}

// explain says why path is not known.
func (i *instance) explain(path string, err error) error {
	if i.ctx.Err() != nil {
		return i.ctx.Err()
	}
	fail := func(hint, format string, args ...any) error {
		return problem(hint, "imds:%s is not known: %s", path, fmt.Sprintf(format, args...))
	}
	late := i.door.late || !time.Now().Before(i.deadline)
	tag, isTag := strings.CutPrefix(path, "tags/")
	switch {
	case !i.door.connected:
		return fail("only an EC2 instance has metadata; elsewhere fact:ip, fact:hostname or env:NAME may do", "nothing answers at %s", i.host)
	case errors.As(err, new(*http.MaxBytesError)):
		return fail("", "the answer is larger than %d KiB", maxSize>>10)
	case late && !i.door.inside:
		return fail("in a container, IMDSv2 needs a hop limit of 2: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2",
			"%s takes the question for a token and does not answer it", i.host)
	case late:
		return fail("run the command again", "%s does not answer within %v", i.host, metadataPatience)
	case i.door.status == http.StatusForbidden:
		return fail("aws ec2 modify-instance-metadata-options --http-endpoint enabled", "the metadata of this instance are turned off")
	case i.door.status == 0, !i.door.inside:
		return fail("see what "+endpointVariable+" names", "what answers at %s is no metadata service with tokens (IMDSv2)", i.host)
	case i.door.status == http.StatusNotFound && isTag:
		return fail("give the instance the tag, and allow tags in its metadata: aws ec2 modify-instance-metadata-options --instance-metadata-tags enabled",
			"the metadata of this instance have no tag %s", tag)
	case i.door.status == http.StatusNotFound:
		return fail("such are imds:local-ipv4, imds:instance-id and imds:tags/NAME", "the metadata of this instance have no such path")
	}
	return fail("run the command again", "%s answers %d %s", i.host, i.door.status, http.StatusText(i.door.status))
}
