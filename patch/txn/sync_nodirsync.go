//go:build torture_nodirsync

package txn

// A build that must fail the torture: folders are not synced.
const (
	syncsFiles   = true
	syncsFolders = false
)
