// Package imdstest is the instance metadata service of EC2, for tests.
package imdstest

import (
	"io"
	"net/http"
)

const (
	token       = "for-this-instance"
	tokenHeader = "X-Aws-Ec2-Metadata-Token"
	ttlHeader   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
)

// Handler answers those who have a token (IMDSv2) with the values, which are by their paths below meta-data.
func Handler(values map[string]string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /latest/api/token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(ttlHeader, r.Header.Get(ttlHeader))
		_, _ = io.WriteString(w, token)
	})
	mux.HandleFunc("GET /latest/meta-data/{path...}", func(w http.ResponseWriter, r *http.Request) {
		value, ok := values[r.PathValue("path")]
		switch {
		case r.Header.Get(tokenHeader) != token:
			http.Error(w, "no token", http.StatusUnauthorized)
		case !ok:
			http.NotFound(w, r)
		default:
			_, _ = io.WriteString(w, value)
		}
	})
	return mux
}
