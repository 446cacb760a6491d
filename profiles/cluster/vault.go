package cluster

import (
	"slices"
	"sync"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// part is what a single text is for: a setting, or a field of one of its items.
type part struct {
	setting *profiles.Setting
	key     string          // of the item, or ""
	field   *profiles.Field // nil for the setting itself
}

func (p part) name() string {
	if p.field == nil {
		return p.setting.Name
	}
	return p.setting.Part(p.field.Name)
}

func (p part) valueType() profiles.Type {
	if p.field == nil {
		return p.setting.Type
	}
	return p.field.Type
}

func (p part) secret() bool {
	return p.setting.Secret || p.field != nil && p.field.Secret
}

// inspectOnce looks into a home, which may be nil, when it is first asked.
func inspectOnce(home *product.Home, p *profiles.Profile) func() ([]profiles.Found, error) {
	return sync.OnceValues(func() ([]profiles.Found, error) {
		if home == nil {
			return nil, nil
		}
		return p.Inspect(home)
	})
}

// inVault reports whether secure vault keeps p in the home.
func (n *Node) inVault(p part) bool {
	found, _ := n.inHome() // what can't be read there is a problem of its file
	i := slices.IndexFunc(found, func(f profiles.Found) bool { return f.Setting == p.setting })
	switch {
	case i < 0:
		return false
	case p.field == nil:
		return found[i].Value.Kept
	}
	name := p.field.Name
	if p.setting.Type.Name == "map" {
		name = profiles.MapValue
	}
	return slices.ContainsFunc(found[i].Value.Items, func(item map[string]profiles.Value) bool {
		return item[itemKey(p.setting)].Text.Reveal() == p.key && item[name].Kept
	})
}
