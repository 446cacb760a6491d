package cluster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// File is a cluster file that says what the home has now, for a profile that the file is to know by name. It holds no secrets: a
// comment says how to give them.
func (e *Existing) File(name string) []byte {
	w := existingFile{Existing: e}
	w.comment("", "What carbonpatch found: "+e.home.String()+".")
	w.comment("", "What the profile says by itself for the role is left out; carbonpatch init shows all settings.")
	w.comment("", "Secrets are left out, too: without them, apply leaves them as they are.")
	w.line("", "version: 1")
	w.line("", "name: %s", quoted(cmp.Or(e.complete(e.Role(), e.values)[domainSetting].Shown(), "my-cluster")))
	w.line("", "profile: %s\n", quoted(name))
	w.line("", "settings:")
	w.settings("  ", profiles.FromSettings)
	w.line("", "\nnodes:")
	if len(e.roles) > 1 {
		w.comment("  ", "The home doesn't tell which role it has: it may be "+strings.Join(e.roles, ", or ")+".")
	}
	w.line("  ", "%s1:", e.Role())
	w.line("    ", "role: %s", quoted(e.Role()))
	w.settings("    ", profiles.FromNode)
	return []byte(w.String())
}

type existingFile struct {
	page
	*Existing
}

// settings writes the settings of one part of the file.
func (w *existingFile) settings(indent string, part profiles.Origin) {
	for _, s := range w.Profile.Settings {
		v, ok := w.values[s.Name]
		if w.origin(s) != part {
			continue
		}
		for _, text := range w.why[s.Name] {
			w.comment(indent, text)
		}
		if s.Type.Name == "map" {
			w.entries(indent, s, v)
			continue
		}
		switch {
		case ok && !v.None && (s.Secret || w.secret[s.Name]):
			w.comment(indent, "It is required: give it in the environment, or as file:/path.")
			w.line(indent, "%s: %s", s.Name, secretSource(s))
		case w.secret[s.Name]:
			w.line(indent, "#%s: %s", s.Name, secretSource(s))
		case !ok:
		case v.None:
			w.line(indent, "%s: %s", s.Name, profiles.None)
		case s.Type.Name == "list":
			w.list(indent, "", s.Name, s.Type, w.items(s, v))
		default:
			w.line(indent, "%s: %s", s.Name, literalText(v.Shown()))
		}
	}
}

// entries writes a map, an entry in a line, as its name with a dot allows.
func (w *existingFile) entries(indent string, s *profiles.Setting, v profiles.Value) {
	for _, entry := range v.Items {
		w.line(indent, "%s: %s", quoted(s.Name+"."+entry[profiles.MapKey].Shown()), literalText(entry[profiles.MapValue].Shown()))
	}
	for _, key := range w.hidden[s.Name] {
		w.line(indent, "#%s: %s", quoted(s.Name+"."+key), sourceName(s.Name, key))
	}
}

// items are the items of a list as a file has them. A key is always a literal; a secret is left out.
func (w *existingFile) items(s *profiles.Setting, v profiles.Value) []item {
	all := make([]item, len(v.Items))
	for i, fields := range v.Items {
		key := fields[s.Type.Key].Text.Reveal()
		for _, f := range s.Type.Fields {
			value, ok := fields[f.Name]
			switch {
			case slices.Contains(w.hidden[s.Name+"/"+key], f.Name):
				all[i] = append(all[i], fieldText{name: f.Name, text: sourceName(s.Name, key, f.Name), leftOut: true})
			case !ok:
			case f.Name == s.Type.Key:
				all[i] = append(all[i], fieldText{name: f.Name, text: quoted(value.Shown())})
			default:
				all[i] = append(all[i], fieldText{name: f.Name, text: literalText(value.Shown())})
			}
		}
	}
	return all
}
