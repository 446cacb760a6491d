package profiles

import "slices"

// namedDatasource is a datasource under the name that it will have.
type namedDatasource struct {
	name, jndi string           // a name that is not known is ""
	place      string           // in the home, or ""
	item       map[string]Value // that speaks of it, or nil
}

// datasourcesInTheEnd are those that the home will have.
func (w *datasourceWriter) datasourcesInTheEnd() []namedDatasource {
	var all []namedDatasource
	for _, d := range w.have {
		item, name := w.itemFor(d.JNDI), d.Name
		if v := item[nameField]; v.Unread || v.Open || v.Text.Reveal() != "" {
			name = v.Text.Reveal()
		}
		all = append(all, namedDatasource{name, d.JNDI, placeOf(d), item})
	}
	for _, item := range w.items {
		if jndi := item[jndiField].Text.Reveal(); len(w.named(jndi)) == 0 {
			all = append(all, namedDatasource{item[nameField].Text.Reveal(), jndi, "", item})
		}
	}
	return all
}

// itemFor is the item with that JNDI name, or nil.
func (w *datasourceWriter) itemFor(jndi string) map[string]Value {
	i := slices.IndexFunc(w.items, func(item map[string]Value) bool { return item[jndiField].Text.Reveal() == jndi })
	if i < 0 || jndi == "" {
		return nil
	}
	return w.items[i]
}

// checkNames makes sure that no two datasources have one name in the end. What the home alone is to blame for is no matter
// here.
func (w *datasourceWriter) checkNames() {
	first := map[string]namedDatasource{}
	for _, d := range w.datasourcesInTheEnd() {
		other, isTwice := first[d.name]
		if !isTwice {
			first[d.name] = d
			continue
		}
		item := d.item
		if item == nil {
			item = other.item
		}
		if d.name == "" || item == nil || d.jndi != "" && d.jndi == other.jndi {
			continue
		}
		at, named := item[nameField]
		if !named {
			at = item[jndiField]
		}
		w.problem(at, "Carbon stops loading datasources at the second one of a name", "two datasources would have the name %q: %v, and %v", d.name, other, d)
	}
}

// String is d as messages call it.
func (d namedDatasource) String() string {
	switch {
	case d.jndi == "":
		return "that of " + d.place
	case d.place == "":
		return d.jndi
	}
	return d.jndi + " of " + d.place
}
