package txn

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// refusal says why the file in the folder can't be replaced, before anything is written.
func refusal(in *folder, file *os.File) *patch.Problem {
	status, err := statusOf(file)
	if err != nil {
		return cannotRead(err)
	}
	switch {
	case status.Mode&unix.S_IFMT != unix.S_IFREG:
		return notRegular()
	case status.Nlink > 1:
		return refuse(fmt.Sprintf("has %d hard links, which replacing it would separate", status.Nlink),
			"make it a file of its own first: cp -p FILE FILE.new && mv FILE.new FILE")
	case is(status, unix.STATX_ATTR_MOUNT_ROOT):
		return refuse("a file that is mounted here on its own, which can't be replaced", "change it where it is mounted from, or mount the folder that holds it instead")
	case is(status, unix.STATX_ATTR_IMMUTABLE):
		return refuse("immutable", "chattr -i it, if it may change")
	case is(status, unix.STATX_ATTR_APPEND):
		return refuse("append-only", "chattr -a it, if it may change")
	}
	return folderRefusal(in)
}

func refuse(message, hint string) *patch.Problem { return &patch.Problem{Message: message, Hint: hint} }

func notRegular() *patch.Problem { return refuse("not a regular file", "put a file there") }

// folderRefusal says why no file can be made and removed in the folder.
func folderRefusal(in *folder) *patch.Problem {
	status, err := statusOf(in.file)
	switch {
	case err != nil:
		return cannotRead(err)
	case is(status, unix.STATX_ATTR_IMMUTABLE):
		return refuse("its folder is immutable", "chattr -i the folder, if it may change")
	case is(status, unix.STATX_ATTR_APPEND):
		return refuse("its folder is append-only", "chattr -a the folder, if it may change")
	}
	return unwritable(in)
}

// stateRefusal says why the state folder can't be made, or not be given to the owner of the home.
func (h *home) stateRefusal() *patch.Problem {
	if h.owner.uid != os.Geteuid() && !mayChown() {
		return refuse(fmt.Sprintf("must belong to user %d, as the home does, whom user %d can't give it to", h.owner.uid, os.Geteuid()), "run as the owner of the home, or as root")
	}
	return folderRefusal(h.top)
}

func statusOf(f *os.File) (status unix.Statx_t, err error) {
	return status, unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BASIC_STATS, &status)
}

func is(status unix.Statx_t, attribute uint64) bool { return status.Attributes&attribute != 0 }

// unwritable says why no file can be made in the folder.
func unwritable(in *folder) *patch.Problem {
	err := unix.Faccessat(int(in.file.Fd()), ".", unix.W_OK|unix.X_OK, unix.AT_EACCESS)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EROFS):
		return refuse("on a read-only file system", "mount it for writing, or patch the home where it is built")
	default:
		return refuse("its folder can't be written to: "+err.Error(), "run as the owner of the home, or as root")
	}
}

// ownerRefusal says that a new file could not be given owner and group of the old one.
func ownerRefusal(m metadata) *patch.Problem {
	groups, err := os.Getgroups()
	if err != nil {
		return cannotRead(err)
	}
	mayGive := m.uid == os.Geteuid() && (m.gid == os.Getegid() || slices.Contains(groups, m.gid))
	if mayGive || mayChown() {
		return nil
	}
	return &patch.Problem{
		Message: fmt.Sprintf("belongs to %d:%d, whom a new file can't be given to by user %d", m.uid, m.gid, os.Geteuid()),
		Hint:    "run as its owner, or as root",
	}
}

// mayChown reports whether files can be given away.
func mayChown() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	return unix.Capget(&header, &data[0]) == nil && data[0].Effective&(1<<unix.CAP_CHOWN) != 0
}
