package main

func powercuts() []trial { return nil }
