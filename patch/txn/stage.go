package txn

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strings"
)

// tempName is a name that nobody can guess and no product reads: deployers and loaders go by the end of a name.
func tempName(base string) string {
	var random [8]byte
	rand.Read(random[:]) // never fails
	return tempPrefix(base) + hex.EncodeToString(random[:]) + ".carbonpatch"
}

// tempPrefix leaves room for the rest of the name where base is as long as a name can be.
func tempPrefix(base string) string { return "." + base[:min(len(base), 200)] + "." }

// tempSuffix is what follows tempPrefix.
var tempSuffix = regexp.MustCompile(`^[0-9a-f]{16}\.carbonpatch$`)

// restoreName is where what is restored is written before it is whole.
func restoreName(temp string) string {
	return strings.TrimSuffix(temp, ".carbonpatch") + ".old.carbonpatch"
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
