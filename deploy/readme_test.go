package deploy

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The blocks of README.md that say on=WAY are run as a page is, each way in on a machine of its own, after those that say on=all.
func TestReadme(t *testing.T) {
	ways := map[string]struct {
		machine func(*testing.T) *machine
		holds   string // what must hold in the end
	}{
		"packages": {func(t *testing.T) *machine {
			clients(t, "apt-get")
			m, _, _ := packageMachine(t)
			return m
		}, verified},
		"packer": {newBuilder, "carbonpatch plan --phase image --detailed-exitcode --role worker -f cluster.yaml /opt/wso2ei-6.1.1"},
		"cloud-init": {func(t *testing.T) *machine {
			return newInstance(t, "i-0abc", "10.0.0.3")
		}, "cloud-init schema --config-file user-data.yaml"},
		"systemd": {func(t *testing.T) *machine {
			m := newProduct(t)
			m.copyIn(debianPackage(t), "/root/carbonpatch.deb")
			m.must("dpkg --install carbonpatch.deb")
			return m.boot()
		}, verified + "systemctl is-active wso2ei carbonpatch-verify.timer"},
		"ansible": {func(t *testing.T) *machine { return controller(t, nodes...) }, `for node in manager worker1 worker2; do
	carbonpatch verify -f cluster.yaml --node $node /opt/$node/wso2ei-6.1.1
done`},
		"puppet": {newPuppet, verified},
		"docker": {func(t *testing.T) *machine {
			return newInstance(t, "container", "10.0.0.77")
		}, "carbonpatch verify --role worker --set localMemberHost=fact:ip -f cluster.yaml /opt/wso2ei-6.1.1"},
	}
	page, err := os.ReadFile("../README.md")
	check(t, err)
	on := regexp.MustCompile("(?m)^```\\w+ on=(\\S+)")
	var shown []string
	for _, m := range on.FindAllStringSubmatch(string(page), -1) {
		shown = append(shown, m[1])
	}
	slices.Sort(shown)
	if tried := slices.Sorted(maps.Keys(ways)); !slices.Equal(slices.Compact(shown), append([]string{"all"}, tried...)) {
		t.Errorf("README.md shows %v, tried are %v", shown, tried)
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			m := way.machine(t)
			m.runBlocks("../README.md", "on=all")
			m.runBlocks("../README.md", "on="+name)
			m.must(way.holds)
		})
	}
}

const verified = "carbonpatch verify -f cluster.yaml /opt/wso2ei-6.1.1\n"
