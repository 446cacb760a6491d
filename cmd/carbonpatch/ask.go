package main

import (
	"bufio"
	"context"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// mayAsk says that apply and rollback must be told --yes where nobody can be asked.
func (con *console) mayAsk() error {
	if con.format != "json" && con.interactive() {
		return nil
	}
	return wrongUsage("nobody can be asked here", "--yes, or CARBONPATCH_YES=1, goes ahead without a question")
}

// confirm asks a question about what was shown. Any answer but yes is an error.
func (con *console) confirm(ctx context.Context, question string) error {
	if con.out.failed != nil {
		return patch.Problems{{Message: "what would be written could not be shown: " + patch.Reason(con.out.failed)}}
	}
	con.err.print(inLine(question) + " [y/N] ")
	answer, err := interruptible(ctx, func() (string, error) {
		line, _ := bufio.NewReader(con.in).ReadString('\n') // the end of input is a no
		return line, nil
	})
	if err != nil {
		con.err.print("\n")
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return patch.Problems{{Message: "not confirmed"}}
}

// interruptible waits for f until ctx is done. It panics as f does.
func interruptible[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
		bug   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if cause := recover(); cause != nil {
				r.bug = newBug(cause)
			}
			done <- r
		}()
		r.value, r.err = f()
	}()
	select {
	case r := <-done:
		if r.bug != nil {
			panic(r.bug)
		}
		return r.value, r.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}
