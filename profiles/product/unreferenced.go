package product

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// referringExtensions are those of the files that may name a datasource.
var referringExtensions = []string{".xml", ".json", ".properties", ".dbs", ".yml", ".yaml"}

// ownDatasources are the JNDI names that components look up without being told: the social one of ES.
var ownDatasources = []string{"jdbc/WSO2SocialDB"}

const (
	deployment       = "repository/deployment"
	maxReferring     = 1 << 20  // bytes of a file that is looked into
	maxReferringAll  = 32 << 20 // bytes of all
	maxReferringWork = 4 << 30  // bytes of all, for each datasource that is looked for in them
	maxReferringSeen = 20_000   // files and folders
)

// UnreferencedDatasources are those with a JNDI name that stands in no file of the configuration or of what is deployed, those of
// datasources and of secure vault and all comments aside; nor is the other name, which data services and analytics use, a value there.
// There are none where that is too much to look through.
func (n *Node) UnreferencedDatasources() []*Datasource {
	s := search{node: n, bytes: maxReferringAll, work: maxReferringWork, entries: maxReferringSeen}
	for i := range n.Datasources {
		if jndi := n.Datasources[i].JNDI; jndi != "" && !slices.Contains(ownDatasources, jndi) {
			s.open = append(s.open, &n.Datasources[i])
		}
	}
	for _, f := range n.Files {
		s.strike(f.Path, f.Source)
	}
	for _, folder := range []string{n.ConfDir, deployment} {
		if len(s.open) > 0 && errors.Is(s.below(folder), errTooLarge) {
			return nil
		}
	}
	return s.open
}

// search looks for files that mention datasources.
type search struct {
	node           *Node
	open           []*Datasource // that no file mentions so far
	bytes, entries int           // that it may still look at
	work           int           // bytes that it may still compare with names
}

var errTooLarge = errors.New("too large")

// strike takes off those that a file mentions, and all where that is too much to find out.
func (s *search) strike(name string, src []byte) {
	if strings.HasSuffix(name, DatasourceSuffix) || strings.HasPrefix(path.Base(name), "cipher-") {
		return
	}
	s.work -= len(src) * len(s.open)
	src = uncommented(path.Ext(name), src)
	s.open = slices.DeleteFunc(s.open, func(d *Datasource) bool {
		return s.work < 0 || mentions(src, d.JNDI, isWord) || d.Name != "" && mentions(src, d.Name, isValue)
	})
}

// below looks through a folder. What can't be read is left out, and no symbolic link is followed out of the home.
func (s *search) below(folder string) error {
	files := s.node.Home.Files
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(name, folder+"/") && mayRefer(name) {
			s.strike(name, files[name])
		}
	}
	root, err := os.OpenRoot(s.node.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), folder, func(name string, entry fs.DirEntry, err error) error {
		if s.entries--; s.entries < 0 {
			return errTooLarge
		}
		if _, held := files[name]; err != nil || held || entry.IsDir() || !mayRefer(name) || s.node.File(name) != nil {
			return nil
		}
		src, _, err := patch.ReadRegular(root, name, maxReferring)
		if s.bytes -= len(src); s.bytes < 0 {
			return errTooLarge
		}
		if err == nil {
			s.strike(name, src)
		}
		if len(s.open) == 0 {
			return fs.SkipAll
		}
		return nil
	})
}

func mayRefer(name string) bool { return slices.Contains(referringExtensions, path.Ext(name)) }

// uncommented is what a file with that extension says, without its comments.
func uncommented(extension string, src []byte) []byte {
	var kept []byte
	switch extension {
	case ".xml", ".dbs":
		for len(src) > 0 {
			text, rest, _ := bytes.Cut(src, []byte("<!--"))
			_, src, _ = bytes.Cut(rest, []byte("-->"))
			kept = append(append(kept, text...), ' ')
		}
	case ".properties", ".yml", ".yaml":
		for line := range bytes.Lines(src) {
			if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
				kept = append(kept, line...)
			}
		}
	default:
		kept = src
	}
	return kept
}

// mentions reports whether a name stands in src, between what may stand before and behind it.
func mentions(src []byte, name string, between func(before, behind []byte) bool) bool {
	for from := 0; ; {
		i := bytes.Index(src[from:], []byte(name))
		if i < 0 {
			return false
		}
		lo, hi := from+i, from+i+len(name)
		if between(src[:lo], src[hi:]) {
			return true
		}
		from = hi
	}
}

// isWord reports whether what stands between is no part of a longer name.
func isWord(before, behind []byte) bool {
	return (len(before) == 0 || !inName(before[len(before)-1])) && (len(behind) == 0 || !inName(behind[0]))
}

// isValue reports whether what stands between is all that an element, an attribute, a property or a member says.
func isValue(before, behind []byte) bool {
	before = bytes.TrimRight(before, blanks)
	rest := bytes.TrimLeft(behind, blanks)
	isBegun := len(before) > 0 && strings.IndexByte(`>"'=:`, before[len(before)-1]) >= 0
	isEnded := len(rest) == 0 || strings.IndexByte(`<"',`, rest[0]) >= 0 || bytes.IndexByte(behind[:len(behind)-len(rest)], '\n') >= 0
	return isBegun && isEnded
}

const blanks = " \t\r\n"

func inName(b byte) bool {
	return b == '_' || b == '-' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
