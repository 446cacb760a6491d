package main

func sweeps() []trial { return nil }
