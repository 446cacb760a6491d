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

// UnreferencedDatasources are those with a JNDI name of which neither that nor the other name stands in any file of the configuration or
// of what is deployed, those of datasources and of secure vault aside. There are none where that is too much to look through.
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
	s.open = slices.DeleteFunc(s.open, func(d *Datasource) bool {
		return s.work < 0 || mentions(src, d.JNDI) || d.Name != "" && mentions(src, d.Name)
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

// mentions reports whether a name stands in src, not as a part of a longer one.
func mentions(src []byte, name string) bool {
	for {
		i := bytes.Index(src, []byte(name))
		if i < 0 {
			return false
		}
		rest := src[i+len(name):]
		if (i == 0 || !inName(src[i-1])) && (len(rest) == 0 || !inName(rest[0])) {
			return true
		}
		src = rest
	}
}

func inName(b byte) bool {
	return b == '_' || b == '-' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
