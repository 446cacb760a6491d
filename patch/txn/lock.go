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

// Lock is a home that no other run writes to until it is released. What is planned while it is held is still so when it is applied.
type Lock struct{ home *home }

// Acquire takes the lock of a home, and makes the folder for it if there is none: take it when there is something to write. It waits
// until ctx ends: past its deadline the error is [ErrLocked].
func Acquire(ctx context.Context, dir string) (*Lock, error) {
	h, err := openHome(dir)
	if err != nil {
		return nil, err
	}
	if h.state == nil {
		err = h.createState()
	}
	if err == nil {
		h.lock, err = acquire(ctx, h.state, h.owner)
	}
	if err != nil {
		h.close()
		return nil, stateProblem(err)
	}
	return &Lock{h}, nil
}

// Release lets other runs write to the home.
func (l *Lock) Release() { l.home.close() }

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
