package main

func environment() []trial { return nil }
