package described

import (
	"embed"
	"encoding/xml"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"

	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// home is the plainest home that the operations of the profiles fit: what all products ship, of no version. Those that it has too many do no
// harm, for nothing is told of what a description does not write.
//
//go:embed home
var home embed.FS

var homeFiles = sync.OnceValue(func() map[string][]byte {
	files := map[string][]byte{}
	err := fs.WalkDir(home, "home", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[strings.TrimPrefix(path, "home/")], err = home.ReadFile(path)
		return err
	})
	if err != nil {
		panic(err) // it is part of the program
	}
	return files
})

const datasourcesFile = "conf/datasources/master-datasources.xml"

// skeleton is a home for n: of a product that its profile is for, with the datasources that its values take for granted.
func skeleton(n *cluster.Node) *product.Home {
	files := maps.Clone(homeFiles())
	if len(n.Profile.Products) > 0 {
		replace(files, "conf/carbon.xml", "<ServerKey>Carbon<", "<ServerKey>"+n.Profile.Products[0].ServerKey+"<")
	}
	var datasources strings.Builder
	for _, jndi := range n.Profile.PresumedDatasources(n.Role, n.Values) {
		name := escaped(jndi)
		if strings.Contains(string(files[datasourcesFile]), "<name>"+name+"</name>") {
			continue
		}
		fmt.Fprintf(&datasources, "    <datasource><name>%s</name><jndiConfig><name>%s</name></jndiConfig><definition type=\"RDBMS\"><configuration>"+
			"<url>jdbc:h2:%s</url><driverClassName>org.h2.Driver</driverClassName></configuration></definition></datasource>\n", name, name, name)
	}
	replace(files, datasourcesFile, "    </datasources>", datasources.String()+"    </datasources>")
	made, err := product.InMemory(files)
	if err != nil {
		panic(err) // it is part of the program
	}
	return made
}

func replace(files map[string][]byte, path, old, text string) {
	files[path] = []byte(strings.Replace(string(files[path]), old, text, 1))
}

// escaped is text as the content of an element.
func escaped(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err) // a builder takes all that is written
	}
	return b.String()
}
