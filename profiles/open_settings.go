package profiles

// Open are the settings that are open among the values of a node of that role, which [Profile.Complete] has made whole, in the order of
// the profile: of a list or map the parts, as datasources[jdbc/X].password and parameters.NAME. What the role does not write, or what
// has no effect in any case, is left out.
func (p *Profile) Open(role string, v Values) []string {
	var all []string
	sc := scope{profile: p, role: role, values: v}
	for _, s := range p.Settings {
		if sc.writes(s) && len(p.unmet(sc, s)) == 0 {
			all = append(all, s.openParts(v[s.Name])...)
		}
	}
	return all
}

// openParts are the names of what is open in the value v of s.
func (s *Setting) openParts(v Value) []string {
	if v.Open {
		return []string{s.Name}
	}
	var parts []string
	for _, item := range v.Items {
		switch s.Type.Name {
		case "map":
			if item[MapValue].Open {
				parts = append(parts, s.Name+"."+item[MapKey].Text.Reveal())
			}
		default:
			parts = append(parts, s.openFields(item)...)
		}
	}
	return parts
}

func (s *Setting) openFields(item map[string]Value) []string {
	key := item[s.Type.Key]
	name := s.Name + "[" + key.Text.Reveal() + "]"
	if key.Open {
		return []string{name}
	}
	var fields []string
	for _, f := range s.Type.Fields {
		if item[f.Name].Open {
			fields = append(fields, name+"."+f.Name)
		}
	}
	return fields
}
