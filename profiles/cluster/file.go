package cluster

import (
	"errors"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// formatVersion is the version of the cluster file that is understood.
const formatVersion = 1

// wellKnownKey is the part of the file that names the well-known nodes.
const wellKnownKey = "wellKnown"

// file is one cluster file, read as far as that goes without its profile.
type file struct {
	*strictyaml.Document
	name, profile          *yaml.Node
	settings, roles, nodes *yaml.Node
	wellKnown, lint        *yaml.Node
}

// parse reads the cluster files. What can't be parsed is fatal.
func (r *resolver) parse() []*file {
	var files []*file
	versioned := len(r.Files) == 0
	for _, source := range r.Files {
		doc, err := strictyaml.Parse(source.Name, source.Data)
		if err != nil {
			r.fatal = append(r.fatal, err)
			continue
		}
		if doc.Root != nil && !doc.Has("version", "name", "profile", "settings", "roles", "nodes", wellKnownKey, lintKey) {
			r.fatal = append(r.fatal, notACluster(doc.Name)) // and nothing is shown of it
			continue
		}
		r.docs = append(r.docs, doc)
		hideByName(doc, doc.Root)
		f := &file{Document: doc}
		versioned = f.read() || versioned
		files = append(files, f)
	}
	if !versioned && len(r.fatal) == 0 {
		r.problem("start the file with version: 1", "the cluster file has no version")
	}
	return files
}

func notACluster(file string) error {
	return patch.Problems{{
		File: file, Line: 1, Column: 1, Message: "not a cluster file",
		Hint: "a cluster file has the line version: 1, and profile:, settings:, roles: or nodes:; carbonpatch init writes one",
	}}
}

// read takes the file apart and reports whether it has a version.
func (f *file) read() bool {
	versioned := false
	keep := func(to **yaml.Node) func(strictyaml.Entry) {
		return func(e strictyaml.Entry) { *to = e.Value }
	}
	f.Fields(f.Root, "the cluster file", map[string]func(strictyaml.Entry){
		"version": func(e strictyaml.Entry) {
			versioned = true
			if text, ok := f.Text(e.Value, "version"); ok && text != strconv.Itoa(formatVersion) {
				f.Errorf(e.Value, "this carbonpatch reads version 1", "unknown version of the cluster file")
			}
		},
		"name": keep(&f.name), "profile": keep(&f.profile), "settings": keep(&f.settings), "roles": keep(&f.roles),
		"nodes": keep(&f.nodes), wellKnownKey: keep(&f.wellKnown), lintKey: keep(&f.lint),
	})
	return versioned
}

// profile opens the profile that was asked for, or the one that the last file names. It returns nil where that fails.
func (r *resolver) profile(files []*file) *profiles.Profile {
	name := r.Profile
	var named text
	for _, f := range files {
		if f.profile == nil || r.Profile != "" {
			continue
		}
		value, ok := f.Text(f.profile, "profile")
		if !ok {
			return nil
		}
		named = text{f.Document, f.profile}
		name = fromFolder(f.Name, value)
	}
	if name == "" {
		r.problem("add a line such as profile: esb, or give --profile", "no profile is named")
		return nil
	}
	profile, err := profiles.Open(name)
	if err != nil {
		r.reportUnopened(named, err)
		return nil
	}
	return profile
}

// reportUnopened reports why a profile can't be opened. What is wrong with its name is wrong where that stands.
func (r *resolver) reportUnopened(named text, err error) {
	if problems := patch.Problems(nil); named.node != nil && errors.As(err, &problems) && problems[0].File == "" {
		named.errorf(problems[0].Hint, "%s", problems[0].Message)
		return
	}
	r.fatal = append(r.fatal, err)
}
