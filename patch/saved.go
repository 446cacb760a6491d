package patch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// savedFormat is the version of the files that hold a [SavedPlan].
const savedFormat = 1

// SavedPlan is a plan as it is kept in a file, for a later run that must do the same and nothing else. It holds no secret, and nothing
// that one could be guessed from: it knows the files as they were, and of the files as they will be only what reports show.
type SavedPlan struct {
	Format  int            `json:"savedPlan"`
	Tool    string         `json:"tool" redact:"never"` // version of the program that saved it
	Home    string         `json:"home" redact:"never"` // for people: another one with the same files will do
	Product *ProductReport `json:"product"`
	Cluster string         `json:"cluster" redact:"never"`
	Node    string         `json:"node" redact:"never"`
	Role    string         `json:"role" redact:"never"`
	Image   bool           `json:"image"`                  // what only the node knows is left open
	Sources []string       `json:"sources" redact:"never"` // the cluster files, for people
	Files   []SavedFile    `json:"files"`
}

// SavedFile is one file of a [SavedPlan]; those that need no change count, too.
type SavedFile struct {
	Path    string        `json:"path" redact:"never"`
	Masked  Checksum      `json:"maskedSHA256"` // of the file as it was, with its secrets masked as in diffs: they could be guessed from another one
	Changes []SavedChange `json:"changes"`
}

// SavedChange is one change of a [SavedFile].
type SavedChange struct {
	ChangeReport
	Setting string `json:"setting"`
}

// Checksum is a SHA-256.
type Checksum [sha256.Size]byte

// MarshalText writes c in hexadecimal digits.
func (c Checksum) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, c[:]), nil }

// UnmarshalText reads what [Checksum.MarshalText] has written.
func (c *Checksum) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(c)) {
		return errors.New("not a SHA-256")
	}
	_, err := hex.Decode(c[:], text)
	return err
}

// Saved is p as it can be saved, secrets masked, among which are values that came from sources. It lacks what only the caller knows,
// which is all but the files.
func (p *Plan) Saved(values []secret.Text) *SavedPlan {
	s := &SavedPlan{Format: savedFormat, Sources: []string{}, Files: []SavedFile{}}
	for _, f := range p.Files {
		file := SavedFile{Path: f.Path, Masked: sha256.Sum256(f.masked(values)), Changes: []SavedChange{}}
		for _, c := range f.Changes {
			file.Changes = append(file.Changes, SavedChange{c.report(), c.Setting})
		}
		s.Files = append(s.Files, file)
	}
	return s
}

// masked is the file as it was without its secrets, which are those that diffs mask and what operations write of values.
func (f *FilePlan) masked(values []secret.Text) []byte {
	wide := *f
	wide.secrets = slices.Concat(f.secrets, f.SecretPlaces(values))
	return MaskSpans(f.Before, wide.secretSpans(f.Before))
}

// namedDifferences is how many differences are named one by one: more would be of no use, and a file made to hurt can have any number.
const namedDifferences = 1000

// Check finds out what is different in a plan of now, in the files as they are and in what would become of them. Name is the file of s
// in the error, which is [Problems].
func (s *SavedPlan) Check(name string, now *SavedPlan) error {
	var problems Problems
	for _, is := range [][3]string{{"cluster", s.Cluster, now.Cluster}, {"node", s.Node, now.Node}, {"role", s.Role, now.Role}} {
		if is[1] != is[2] {
			problems = append(problems, &Problem{File: name, Message: fmt.Sprintf("the saved plan is for the %s %q, not for %q", is[0], is[1], is[2])})
		}
	}
	if s.Image != now.Image {
		what := map[bool]string{true: "an image", false: "a whole node"}
		problems = append(problems, &Problem{File: name, Message: fmt.Sprintf("the saved plan is for %s, not for %s", what[s.Image], what[now.Image]), Hint: "--phase image, or not, as when it was saved"})
	}
	if problems != nil {
		return problems // the rest differs, too, of course
	}
	problems = s.differences(now)
	if problems == nil {
		return nil
	}
	head := &Problem{File: name, Message: "the saved plan does not hold any more", Hint: "look at what is different, and save a new plan"}
	if more := len(problems) - namedDifferences; more > 0 {
		problems = problems[:namedDifferences]
		head.Message += fmt.Sprintf("; there are %d differences more than those named here", more)
	}
	return append(Problems{head}, problems...)
}

// differences compares file by file.
func (s *SavedPlan) differences(now *SavedPlan) Problems {
	var problems Problems
	saved := map[string]SavedFile{}
	for _, f := range s.Files {
		saved[f.Path] = f
	}
	planned := map[string]bool{}
	for _, f := range now.Files {
		planned[f.Path] = true
		before, ok := saved[f.Path]
		if !ok {
			problems = append(problems, &Problem{File: f.Path, Message: "not in the saved plan"})
			continue
		}
		if f.Masked != before.Masked {
			problems = append(problems, &Problem{File: f.Path, Message: "changed since the plan was saved"})
		}
		problems = append(problems, f.differences(before)...)
	}
	for _, f := range s.Files {
		if !planned[f.Path] {
			problems = append(problems, &Problem{File: printable(f.Path), Message: "in the saved plan, but not planned now"})
		}
	}
	return problems
}

// differences compares the changes of a file with those that were saved. Lines count for nothing: of a file that is as it was they
// are the same, and of another they say where to look.
func (f SavedFile) differences(saved SavedFile) Problems {
	var problems Problems
	tell := func(c SavedChange, what string) {
		problems = append(problems, &Problem{File: f.Path, Message: fmt.Sprintf("%s %s: %s", printable(c.Op), printable(c.At), what)})
	}
	gone := map[[2]string][]SavedChange{} // several operations may change one place
	for _, c := range saved.Changes {
		gone[c.key()] = append(gone[c.key()], c)
	}
	for _, c := range f.Changes {
		before := gone[c.key()]
		if len(before) == 0 {
			tell(c, "not in the saved plan")
			continue
		}
		gone[c.key()] = before[1:]
		if what := c.difference(before[0]); what != "" {
			tell(c, what)
		}
	}
	for _, c := range saved.Changes {
		if left := gone[c.key()]; len(left) > 0 {
			gone[c.key()] = left[1:]
			tell(left[0], "in the saved plan, but there is nothing to do now")
		}
	}
	return problems
}

// key tells a change from others in the file.
func (c SavedChange) key() [2]string { return [2]string{c.Name, c.At} }

// difference says what is different in a change at the same place, or "".
func (c SavedChange) difference(saved SavedChange) string {
	switch {
	case c.Op != saved.Op:
		return "the saved plan has " + printable(saved.Op)
	case c.Secret != saved.Secret, c.Setting != saved.Setting:
		return "it is another setting in the saved plan"
	case !sameText(c.Before, saved.Before) || !sameText(c.After, saved.After):
		return fmt.Sprintf("the saved plan has %s, and now it is %s", saved.valuesText(), c.valuesText())
	}
	return ""
}

// valuesText quotes the values, which may be those of a forged file.
func (c SavedChange) valuesText() string { return quoted(c.Before) + " -> " + quoted(c.After) }

func quoted(text *string) string {
	if text == nil {
		return Mask
	}
	return fmt.Sprintf("%q", *text)
}

func sameText(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// repeated reports whether s has a file twice, which no plan has.
func (s *SavedPlan) repeated() bool {
	var paths []string
	for _, f := range s.Files {
		paths = append(paths, f.Path)
	}
	slices.Sort(paths)
	return len(slices.Compact(paths)) < len(s.Files)
}
