package txn

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/carbonpatch/carbonpatch/patch"
)

// WriteFile replaces a single file, anywhere, as [Lock.Apply] replaces those of a home: owner, mode and extended attributes
// stay, and nobody sees half of it. A symbolic link stays, too: what it leads to is replaced. It keeps no backup. Before is what was
// read; equal content is not written.
func WriteFile(path string, before, after []byte) error {
	if bytes.Equal(before, after) {
		return nil
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return patch.Problems{{File: path, Message: "cannot read: " + patch.Reason(err)}}
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return patch.Problems{{File: path, Message: "cannot read: " + patch.Reason(err)}}
	}
	defer root.Close()
	t, problem := openTarget(root, filepath.Base(real))
	if problem != nil {
		problem.File = path
		return patch.Problems{problem}
	}
	defer t.close()
	t.path = path
	if !bytes.Equal(t.old, before) {
		return patch.Problems{changedSince(t)}
	}
	return replace(context.Background(), newID(time.Now().UTC()), []edit{{t, after}})
}
