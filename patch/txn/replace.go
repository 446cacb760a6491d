package txn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
)

// ErrUnfinished is the error of a run that failed half-way and could not be undone. A file as it was then lies beside
// the one that is new, under a name that ends in .carbonpatch.
var ErrUnfinished = errors.New("the run could be neither finished nor undone")

// edit is the new content of a target.
type edit struct {
	*target
	data []byte
}

// needed reports whether the target is not yet as e wants it.
func (e edit) needed() bool { return !bytes.Equal(e.old, e.data) || e.metadata != metadataOf(e.info) }

// replace gives all targets their new content, or none. It checks that what it replaces is what was read. ctx can end it up to the
// first swap.
func replace(ctx context.Context, id string, edits []edit) error {
	edits = slices.DeleteFunc(slices.Clone(edits), func(e edit) bool { return !e.needed() })
	for _, e := range edits {
		if err := e.stage(id, e.data); err != nil {
			cleanUp(edits)
			return cannotWrite(e, err)
		}
	}
	err := ctx.Err()
	if err == nil {
		err = swapAll(edits)
	}
	if err != nil {
		err = undo(edits, err)
		cleanUp(edits)
		return err
	}
	if err := cleanUp(edits); err != nil {
		return fmt.Errorf("%w: %w", ErrUnfinished, err)
	}
	return nil
}

func swapAll(edits []edit) error {
	for _, e := range edits {
		if err := e.swap(); err != nil {
			return cannotWrite(e, err)
		}
		same, err := e.displaced()
		switch {
		case err != nil:
			return cannotWrite(e, err)
		case !same:
			return patch.Problems{changedSince(e.target)}
		}
	}
	for _, e := range edits {
		if err := e.sync(); err != nil {
			return cannotWrite(e, err)
		}
	}
	return nil
}

// undo swaps back what was swapped, because of err, which it returns. What it can't swap back it leaves for people to mend.
func undo(edits []edit, err error) error {
	for _, e := range edits {
		if !e.swapped {
			continue
		}
		if failure := e.swap(); failure != nil {
			err = fmt.Errorf("%w: %w; %w", ErrUnfinished, cannotWrite(e, failure), err)
			e.staged = ""
		}
	}
	return err
}

// cleanUp removes what lies beside the targets: new files that were not used, or old ones that are not needed.
func cleanUp(edits []edit) error {
	var errs []error
	for _, e := range edits {
		if e.staged == "" {
			continue
		}
		if err := e.folder.Remove(e.staged); err != nil {
			errs = append(errs, cannotWrite(e, err))
		}
		if err := e.sync(); err != nil {
			errs = append(errs, cannotWrite(e, err))
		}
	}
	return errors.Join(errs...)
}

func cannotWrite(e edit, err error) error {
	return patch.Problems{e.problem("cannot write: " + patch.Reason(err))}
}

func changedSince(t *target) *patch.Problem {
	p := t.problem("changed by somebody else since it was read")
	p.Hint = "run the command again"
	return p
}
