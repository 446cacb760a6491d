// Package txn writes the files of a home, all of them or none, whatever ends the run: a kill at any system call, a power cut, a disk
// that is full or fails. No other package writes to a home.
//
// # What it keeps
//
// HOME/.carbonpatch, which only the owner of the home can look into:
//
//	lock           held by the run that is at work
//	tx.STATE       the record of that run: tx.staging, tx.commit, tx.undo or tx.done
//	backups/ID/    the files as they were before a run, and manifest.json
//	conflicts/ID/  what others had put where a run kept its files
//
// Beside each file that it replaces lies, as long as the run lasts, .NAME.RANDOM.carbonpatch: the new content before the two
// are exchanged, the old one afterwards.
//
// # How a run goes
//
//  1. The record is written, as tx.staging: no file has been touched. A run that ends here is abandoned.
//  2. The files are backed up, and their new content is staged beside them.
//  3. The record becomes tx.commit: from here on a run is finished by whoever takes the lock next.
//  4. Each file is exchanged with what is staged, so that at no moment there is none. What comes out must be what was read.
//  5. The record becomes tx.done: nothing can be undone any more. What came out is removed, then the record.
//
// Where somebody else has changed a file, the record becomes tx.undo instead, and all is exchanged back: their version wins.
// Before each step all that it relies on is durable: files and the folders that hold their names are synced.
//
// A failure to read is never taken for a difference: nothing is known then, and the run stops with the record kept.
package txn
