package cluster

import (
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

// kept are the parts of settings that secure vault keeps in a home.
type kept map[keptPart]bool

type keptPart struct{ setting, key, field string }

// keptIn looks into a home, which may be nil, when it is first asked.
func keptIn(home *product.Home, p *profiles.Profile) func() kept {
	return sync.OnceValue(func() kept {
		k := kept{}
		if home == nil {
			return k
		}
		all, _ := p.Inspect(home) // what can't be read there is a problem of its file
		for _, found := range all {
			k.add(found)
		}
		return k
	})
}

func (k kept) add(found profiles.Found) {
	s := found.Setting
	k[keptPart{setting: s.Name}] = found.Value.Kept
	for _, item := range found.Value.Items {
		key := item[itemKey(s)].Text
		if s.Type.Name == "map" {
			k[keptPart{s.Name, key, key}] = item["value"].Kept
			continue
		}
		for field, v := range item {
			k[keptPart{s.Name, key, field}] = v.Kept
		}
	}
}

func (k kept) has(p part) bool {
	if p.field == nil {
		return k[keptPart{setting: p.setting.Name}]
	}
	return k[keptPart{p.setting.Name, p.key, p.field.Name}]
}
