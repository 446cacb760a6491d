// Package txn writes the files of a home, all of them or none. No other package writes to a home.
//
// What it keeps lies in HOME/.carbonpatch: a lock, and the files of the last runs as they were before.
package txn
