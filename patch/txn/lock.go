package txn

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// ErrLocked is the error of a run that waited in vain for another one to end.
var ErrLocked = errors.New("another run is at work in this home")

const lockName = "lock"

// acquire takes the lock in the state folder and returns it; closing the file releases it. It waits until ctx ends: past its
// deadline the error is [ErrLocked].
func acquire(ctx context.Context, state *os.Root, owner owner) (*os.File, error) {
	f, err := state.OpenFile(lockName, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := owner.own(f); err != nil {
		f.Close()
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = wait(ctx)
		}
		if err != nil {
			f.Close()
			return nil, err
		}
	}
}

// wait waits for the next moment to try again.
func wait(ctx context.Context) error {
	select {
	case <-time.After(50 * time.Millisecond):
		return nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return ErrLocked
		}
		return ctx.Err()
	}
}
