package profiles

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// OwnSetting is the setting that writes where an entry of the map m with that key would be written, or below that place. It is
// nil where none does.
func (p *Profile) OwnSetting(m *Setting, key string) *Setting {
	for _, f := range p.Files {
		for _, op := range f.Ops {
			if op.each != m.Name || op.verb != xmlops.Set {
				continue
			}
			at, r, err := op.sel.expand(scope{profile: p, item: map[string]Value{MapKey: {Text: secret.New(key)}}}.lookup)
			if err != nil || r.state != given {
				continue
			}
			if s := p.writerAt(f, at.String()); s != nil {
				return s
			}
		}
	}
	return nil
}

// writerAt is the setting that f sets at a place or below it, or nil.
func (p *Profile) writerAt(f *File, at string) *Setting {
	for _, op := range f.Ops {
		sel, isConstant := op.constantSelector()
		written := op.writes(p)
		if !isConstant || op.verb != xmlops.Set || len(written) == 0 {
			continue
		}
		if sel.String() == at || strings.HasPrefix(sel.String(), at+"/") {
			return written[0]
		}
	}
	return nil
}
