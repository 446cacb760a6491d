package txn

import (
	"crypto/rand"
	"encoding/hex"
)

// tempName is a name that nobody can guess and no product reads: deployers and loaders go by the end of a name.
func tempName(base string) string {
	var random [8]byte
	rand.Read(random[:]) // never fails
	return tempPrefix(base) + hex.EncodeToString(random[:]) + ".carbonpatch"
}

// stage makes a file with content and metadata. Both are durable then, its name is not yet.
func stage(in *folder, name string, data []byte, m metadata) error {
	f, err := in.create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := in.sys.write(f, data); err != nil {
		return err
	}
	if err := m.give(in.sys, f); err != nil {
		return err
	}
	return in.sys.sync(f)
}

// tempPrefix leaves room for the rest of the name where base is as long as a name can be.
func tempPrefix(base string) string { return "." + base[:min(len(base), 200)] + "." }
