//go:build !torture_nofsync && !torture_nodirsync

package txn

const (
	syncsFiles   = true
	syncsFolders = true
)
