package txn

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// lockedHome is a home whose lock is held.
func lockedHome(t *testing.T) (dir string, h *home) {
	t.Helper()
	dir = t.TempDir()
	h, err := openHome(dir, &system{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := h.takeLock(ctx); err != nil {
		t.Fatal(err)
	}
	return dir, h
}

func TestHolds(t *testing.T) {
	t.Parallel()
	dir, h := lockedHome(t)
	if held, err := h.holds(h.lock); !held || err != nil {
		t.Errorf("just locked: got %v, %v", held, err)
	}
	if err := os.Remove(filepath.Join(dir, stateName, lockName)); err != nil {
		t.Fatal(err)
	}
	if held, err := h.holds(h.lock); held || err != nil {
		t.Errorf("removed: got %v, %v", held, err)
	}
}

// A lock that can't be looked at is not one that somebody else has replaced: waiting for that would end with a wrong reason.
func TestHoldsUnknown(t *testing.T) {
	t.Parallel()
	_, h := lockedHome(t)
	h.top.file.Close()
	if held, err := h.holds(h.lock); held || err == nil {
		t.Errorf("got %v, %v, want an error", held, err)
	}
}
