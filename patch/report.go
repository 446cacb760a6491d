package patch

import "github.com/carbonpatch/carbonpatch/xmlops"

// schema is the version of all JSON.
const schema = 1

// PlanReport is the JSON of plan, apply and rollback. [Plan.Report] fills what a plan knows.
type PlanReport struct {
	Schema    int            `json:"schema"`
	Home      string         `json:"home" redact:"never"`
	Product   *ProductReport `json:"product"`
	Cluster   string         `json:"cluster" redact:"never"`
	Node      string         `json:"node" redact:"never"`
	Role      string         `json:"role" redact:"never"`
	Changed   bool           `json:"changed"`
	Restart   bool           `json:"restart"` // a server runs that must be restarted
	Files     []FileReport   `json:"files"`
	Unchanged int            `json:"unchanged"` // what was right already
	Open      []string       `json:"open"`      // settings
	Notes     []NoteReport   `json:"notes"`
	Manual    []string       `json:"manual"` // what is left to do by hand
	Findings  []any          `json:"findings"`
	Diff      string         `json:"diff"`
	Backup    *string        `json:"backup" redact:"never"` // id, of what was applied
}

// ProductReport says what a home is.
type ProductReport struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Layout  string `json:"layout"`
}

// FileReport is one file of a [PlanReport].
type FileReport struct {
	Path    string         `json:"path" redact:"never"`
	Changed bool           `json:"changed"`
	Changes []ChangeReport `json:"changes"`
}

// ChangeReport is one change of a [FileReport]. Before and After are nil where they are secret.
type ChangeReport struct {
	Op     string  `json:"op"` // set, add, remove, uncomment, comment
	Name   string  `json:"name"`
	At     string  `json:"at"`
	Line   int     `json:"line"`
	Before *string `json:"before"`
	After  *string `json:"after"`
	Secret bool    `json:"secret"`
}

// NoteReport is a [Note].
type NoteReport struct {
	File    string `json:"file" redact:"never"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Report returns the JSON of p, secrets masked. No list in it is null.
func (p *Plan) Report() *PlanReport {
	r := &PlanReport{
		Schema: schema, Home: p.Home, Changed: p.Changed(), Unchanged: p.Right(),
		Files: []FileReport{}, Open: []string{}, Notes: []NoteReport{}, Manual: []string{}, Findings: []any{},
	}
	for _, f := range p.Files {
		file := FileReport{Path: f.Path, Changed: f.Changed(), Changes: []ChangeReport{}}
		for _, c := range f.Changes {
			file.Changes = append(file.Changes, c.report())
		}
		r.Files = append(r.Files, file)
		r.Diff += Readable(f.Diff(Masked))
	}
	for _, n := range p.Notes {
		r.Notes = append(r.Notes, NoteReport{n.File, n.Line, n.Text})
	}
	return r
}

func (c Change) report() ChangeReport {
	before, after := c.reported()
	return ChangeReport{Op: c.Op(), Name: c.Name, At: c.At, Line: c.Line, Before: before, After: after, Secret: c.Secret}
}

// Op says in a word what is done at the place of c.
func (c Change) Op() string { return opNames[c.Kind] }

var opNames = map[xmlops.ChangeKind]string{
	xmlops.Changed:      "set",
	xmlops.Added:        "add",
	xmlops.Removed:      "remove",
	xmlops.Uncommented:  "uncomment",
	xmlops.CommentedOut: "comment",
}

func (c Change) reported() (before, after *string) {
	if c.Secret {
		return nil, nil
	}
	b, a := c.Values(Masked)
	return &b, &a
}

// VerifyReport is the JSON of verify.
type VerifyReport struct {
	Schema int      `json:"schema"`
	InSync bool     `json:"inSync"`
	Drift  []Drift  `json:"drift"`
	Open   []string `json:"open"` // settings that can't be checked yet
}

// Drift is one place where a home is not as described. Want and Have are nil where they are secret.
type Drift struct {
	Setting string  `json:"setting"` // or the name of the operation that writes a constant
	File    string  `json:"file" redact:"never"`
	At      string  `json:"at"`
	Line    int     `json:"line"`
	Want    *string `json:"want"`
	Have    *string `json:"have"`
	Secret  bool    `json:"secret"`
}

// Drift is what a plan of the description would have to change, by setting.
func (p *Plan) Drift() []Drift {
	drift := []Drift{}
	for _, f := range p.Files {
		for _, c := range f.Changes {
			have, want := c.reported()
			drift = append(drift, Drift{
				Setting: c.title(), File: f.Path, At: c.At, Line: c.Line, Want: want, Have: have, Secret: c.Secret,
			})
		}
	}
	return drift
}

// Verify returns the JSON of verify, secrets masked.
func (p *Plan) Verify(open []string) *VerifyReport {
	drift := p.Drift()
	return &VerifyReport{Schema: schema, InSync: len(drift) == 0 && len(open) == 0, Drift: drift, Open: append([]string{}, open...)}
}

// FailureReport is the JSON of every verb that failed.
type FailureReport struct {
	Schema int           `json:"schema"`
	Errors []ErrorReport `json:"errors"`
}

// ErrorReport is a [Problem].
type ErrorReport struct {
	File    string `json:"file" redact:"never"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Report returns the JSON of ps.
func (ps Problems) Report() *FailureReport {
	r := &FailureReport{Schema: schema, Errors: []ErrorReport{}}
	for _, p := range ps {
		r.Errors = append(r.Errors, ErrorReport{p.File, p.Line, p.Column, p.Message, p.Hint})
	}
	return r
}
