package main

func canary() []trial { return nil }
