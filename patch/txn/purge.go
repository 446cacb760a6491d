package txn

// Purge removes all that is kept of runs: what an image must not carry. Removing is not shredding: the disk may still hold the bytes.
// The state folder itself goes when the lock is released.
func (l *Lock) Purge() error {
	for _, name := range []string{backupsName, conflictsName} {
		if err := l.home.state.removeAll(name); err != nil {
			return stateProblem(err)
		}
	}
	return stateProblem(l.home.state.sync())
}
