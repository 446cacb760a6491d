package product

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// What Carbon loads are live datasources of files whose names end as they must, the master first.
func TestDatasources(t *testing.T) {
	t.Parallel()
	home := &Home{ConfDir: "conf", Dir: writeTree(t, map[string]string{
		"conf/datasources/a-datasources.xml": `<datasources-configuration><datasources>
<datasource><name>
  A
</name><jndiConfig useDataSourceFactory="true"><name> jdbc/A </name></jndiConfig><definition type=" RDBMS "/></datasource>
</datasources></datasources-configuration>`,
		"conf/datasources/master-datasources.xml": `<datasources-configuration xmlns:svns="http://org.wso2.securevault/configuration"><datasources>
<!--datasource><name>SAMPLE</name></datasource-->
<datasource><name>M1</name><definition type="X"><configuration><url>u</url><password svns:secretAlias="a">password</password></configuration></definition></datasource>
<datasource><name>M2</name><jndiConfig><name>jdbc/M2</name></jndiConfig></datasource>
</datasources></datasources-configuration>`,
		"conf/datasources/broken-datasources.xml":     "<datasources-configuration>",
		"conf/datasources/datasources.xml":            "<datasources-configuration>",
		"conf/datasources/x-datasources.xml/file.txt": "",
	})}
	if diff := cmp.Diff([]string{"master", "a", "broken"}, home.DatasourceFiles()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	all, err := home.Datasources()
	if diff := cmp.Diff("conf/datasources/broken-datasources.xml:1:28: the document ends inside element <datasources-configuration> of line 1\nhint: is the file cut off?", problemtest.Report(err)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var b strings.Builder
	for _, d := range all {
		fmt.Fprintln(&b, d.File.Path, d.Position().Line, d.Name, d.JNDI, d.Type)
	}
	want := `conf/datasources/master-datasources.xml 3 M1  X
conf/datasources/master-datasources.xml 4 M2 jdbc/M2 
conf/datasources/a-datasources.xml 2 A jdbc/A RDBMS
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if url := all[0].Configuration("url"); !url.Given || url.Text != "u" || url.Alias != "" {
		t.Errorf("the URL is %+v", url)
	}
	if password := all[0].Configuration("password"); password.Alias != "a" {
		t.Error("it is not said that secure vault keeps the password")
	}
	if all[1].Value("description").Given {
		t.Error("a description is found where there is none")
	}
}

func TestNoDatasources(t *testing.T) {
	t.Parallel()
	home := &Home{ConfDir: "conf", Dir: t.TempDir()}
	if all, err := home.Datasources(); all != nil || err != nil {
		t.Errorf("got %v, %v", all, err)
	}
}
