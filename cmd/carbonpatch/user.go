package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// runUser is who runs the program, as far as that is known.
func runUser() string { return userName(loginName(), os.Getenv("SUDO_USER")) }

// userName is the user name; under sudo with who called it.
func userName(name, sudo string) string {
	if sudo == "" || sudo == name {
		return plainName(name)
	}
	return fmt.Sprintf("%s (sudo by %s)", plainName(name), plainName(sudo))
}

// plainName is a name that comes from outside, fit for a record and for a line.
func plainName(name string) string {
	const enough = 64
	if runes := []rune(name); len(runes) > enough {
		name = string(runes[:enough]) + "..."
	}
	return inLine(name)
}

// loginName is the name of the user that the process belongs to, or the number of one who has none.
func loginName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return strconv.Itoa(os.Getuid())
}
