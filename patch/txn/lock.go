package txn

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// ErrLocked is the error of a run that waited in vain for another one to end.
var ErrLocked = errors.New("another run is at work in this home")

const lockName = "lock"

// Lock is a home that no other run writes to until it is released. What is planned while it is held is still so when it is applied.
type Lock struct {
	home      *home
	recovered *Recovery
}

// Acquire takes the lock of a home, and makes the folder for it if there is none: take it when there is something to write. It waits
// until ctx ends: past its deadline the error is [ErrLocked].
//
// What a run that was interrupted has left is finished or undone; see [Lock.Recovered]. Where that can't be, the error is
// [ErrUnfinished], or says what is wrong with the record; nothing is touched then.
func Acquire(ctx context.Context, dir string) (*Lock, error) { return acquire(ctx, dir, &system{}) }

func acquire(ctx context.Context, dir string, sys *system) (*Lock, error) {
	h, err := openHome(dir, sys)
	if err != nil {
		return nil, stateProblem(err)
	}
	if err := h.takeLock(ctx); err != nil {
		h.close()
		return nil, stateProblem(err)
	}
	l := &Lock{home: h}
	if l.recovered, err = h.recover(); err != nil {
		h.close()
		return nil, stateProblem(err)
	}
	return l, nil
}

// Recovered is what was done about a run that had been interrupted, or nil.
func (l *Lock) Recovered() *Recovery { return l.recovered }

// Found are sentences on what others have put where the last run on l kept its files, and where it is now.
func (l *Lock) Found() []string { return l.home.found }

// Release lets other runs write to the home. Where nothing is kept in the state folder, that goes, too.
func (l *Lock) Release() {
	l.home.removeIdleState() // nothing depends on it
	l.home.close()
}

// takeLock waits for the lock. The run that had it may have removed the state folder, or somebody may have replaced it: what is
// locked must be what the next one will find.
func (h *home) takeLock(ctx context.Context) error {
	for {
		f, err := h.tryLock()
		if err == nil {
			h.lock = f
			return nil
		}
		if !errors.Is(err, errTryAgain) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
}

var errTryAgain = errors.New("not locked")

func (h *home) tryLock() (*os.File, error) {
	err := h.createState()
	if errors.Is(err, fs.ErrNotExist) || err == nil && h.state == nil {
		return nil, errTryAgain // the run before has just removed it
	}
	if err != nil {
		return nil, err
	}
	f, err := h.openLock()
	if errors.Is(err, fs.ErrNotExist) {
		h.closeState()
		return nil, errTryAgain
	}
	if err != nil {
		return nil, err
	}
	if err := h.lockFile(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (h *home) lockFile(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) {
		return errTryAgain
	}
	if err != nil {
		return err
	}
	held, err := h.holds(f)
	if err == nil && !held {
		h.closeState()
		return errTryAgain
	}
	return err
}

// openLock opens the lock, and makes it where there is none.
func (h *home) openLock() (*os.File, error) {
	f, err := h.state.create(lockName)
	if err == nil {
		if err := h.owner.own(h.sys, f); err != nil {
			f.Close()
			return nil, err
		}
		return f, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	f, err = h.state.open(lockName)
	if errors.Is(err, unix.ELOOP) || errors.Is(err, unix.ENXIO) {
		return nil, badLock(errNotRegular)
	}
	if err != nil {
		return nil, err
	}
	if err := h.checkLock(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// checkLock refuses what can't be a lock of ours, and gives it to the owner where the run that made it could not.
func (h *home) checkLock(f *os.File) error {
	err := plainFile(f)
	if info, statErr := f.Stat(); err == nil && statErr == nil && info.Size() > 0 {
		err = errors.New("not empty")
	}
	if err != nil {
		return badLock(err)
	}
	if h.owner.lacks(f) {
		return h.owner.own(h.sys, f)
	}
	return nil
}

func badLock(err error) error {
	return patch.Problems{{File: stateName + "/" + lockName, Message: err.Error(), Hint: "find out how that came, and remove it"}}
}

// holds reports whether the lock and the folder it lies in are still those of their names.
func (h *home) holds(lock *os.File) (bool, error) {
	held, err := h.top.isName(stateName, h.state.file)
	if err != nil || !held {
		return false, err
	}
	return h.state.isName(lockName, lock)
}

// wait waits for the next moment to try again.
func wait(ctx context.Context) error {
	select {
	case <-time.After(20 * time.Millisecond):
		return nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return ErrLocked
		}
		return ctx.Err()
	}
}
