module github.com/carbonpatch/carbonpatch

go 1.26.0
