//go:build torture_nofsync

package txn

// A build that must fail the torture: files are not synced.
const (
	syncsFiles   = false
	syncsFolders = true
)
