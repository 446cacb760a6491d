package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// The parts of the registry that nodes share.
const (
	configPath     = "/_system/config"
	governancePath = "/_system/governance"
)

var overwriteValues = []string{"true", "virtual", "false"}

// mountRules are about the mounts of registry.xml.
func mountRules() []*Rule {
	return []*Rule{
		{
			ID: "mount-path", Severity: Error, Scope: InFile,
			Message: `a second mount has the path "{path}"`,
			Then:    "The registry can't be configured: Two remote instances can't have the same path.",
			Fix:     "Mount each path once.",
			Source:  "RegistryConfigurationProcessor.java:732-808",
			Wrong: `<mount path="/_system/config" overwrite="true">
    <instanceId>shared</instanceId>
    <targetPath>/_system/appsconfig</targetPath>
</mount>
<mount path="/_system/config" overwrite="true">`,
			Right: `<mount path="/_system/config" overwrite="true">
    <instanceId>shared</instanceId>
    <targetPath>/_system/appsconfig</targetPath>
</mount>
<mount path="/_system/governance" overwrite="true">`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				first := map[string]product.Place{}
				for _, m := range reg.Mounts {
					for _, needed := range []struct {
						name string
						product.Value
					}{{"path", m.Path}, {"instanceId", m.InstanceID}, {"targetPath", m.TargetPath}} {
						if !needed.Given {
							r.say(n, m.Place, "{mount} has no {what}", strings.TrimSpace("mount "+m.Path.Text), needed.name).as(Warning).
								then("Carbon warns of it and goes on without the mount.").fix("Add it: a mount needs path, instanceId and targetPath.")
						}
					}
					if place, isTwice := first[m.Path.Text]; isTwice && m.Path.Given {
						r.at(n, m.Path.Place, m.Path).with(n, place)
						continue
					}
					first[m.Path.Text] = m.Path.Place
				}
			}),
		},
		{
			ID: "mount-instance-dangling", Severity: Error, Scope: InFile,
			Message: `mount {path}: no remoteInstance has the id "{id}"`,
			Then:    "What the node has at that path gives way to a link that leads nowhere, and nothing is logged of it but at level DEBUG.",
			Fix:     "Give the id of a remoteInstance, exactly.",
			Source:  "RegistryUtils.java:1692-1708",
			Wrong:   `<instanceId>Shared</instanceId>`,
			Right:   `<instanceId>shared</instanceId>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				var ids []string
				for _, i := range reg.RemoteInstances {
					ids = append(ids, i.ID.Text)
				}
				for _, m := range reg.Mounts {
					v := m.InstanceID
					if !v.Literal() || slices.Contains(ids, v.Text) {
						continue
					}
					f := r.at(n, v.Place, m.Path, v).meantName(v, ids)
					if len(ids) == 0 {
						f.fix("Add a remoteInstance with that id and the dbConfig of the shared registry.")
					}
				}
			}),
		},
		{
			ID: "mount-overwrite", Severity: Error, Scope: InFile,
			Message: `mount {path}: overwrite="{value}" is neither true nor virtual`,
			Then:    "That path is always there, so the server starts without the mount: Unable to create remote mount. A resource already exists at the given location.",
			Fix:     `Set overwrite="true", or "virtual" to keep what the node has at that path.`,
			Source:  "RegistryCoreServiceComponent.java:284-333",
			Wrong:   `<mount path="/_system/config" overwrite="true|false|virtual">`,
			Right:   `<mount path="/_system/config" overwrite="true">`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				for _, m := range reg.Mounts {
					at := slices.IndexFunc(overwriteValues, func(value string) bool { return strings.EqualFold(value, m.Overwrite.Text) })
					switch isFixed := m.Path.Text == configPath || m.Path.Text == governancePath; {
					case at >= 0 && (!isFixed || overwriteValues[at] != "false"):
					case isFixed && !m.Overwrite.Given:
						r.say(n, m.Overwrite.Place, "mount {path} has no overwrite", m.Path)
					case isFixed:
						r.at(n, m.Overwrite.Place, m.Path, m.Overwrite).meant(m.Overwrite.Text, overwriteValues[:2])
					case m.Overwrite.Given:
						r.say(n, m.Overwrite.Place, `mount {path}: overwrite="{value}" is none of true, false and virtual`, m.Path, m.Overwrite).
							then("It counts as false: if there is anything at that path, the server starts without the mount.").meant(m.Overwrite.Text, overwriteValues)
					}
				}
			}),
		},
		{
			ID: "mount-incomplete-set", Severity: Warning, Scope: InFile,
			Message: `remoteInstance "{id}" is mounted at {a} but not at {b}`,
			Then:    "The nodes share one part of the registry, and each has a copy of its own of the other.",
			Fix:     "Mount both /_system/config and /_system/governance.",
			Source:  "guide 002, lines 187-228; guide 003, line 46",
			Wrong: `<mount path="/_system/config" overwrite="true">
    <instanceId>shared</instanceId>
    <targetPath>/_system/appsconfig</targetPath>
</mount>
</wso2registry>`,
			Right: `<mount path="/_system/config" overwrite="true">
    <instanceId>shared</instanceId>
    <targetPath>/_system/appsconfig</targetPath>
</mount>
<mount path="/_system/governance" overwrite="true">`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				for i := range reg.RemoteInstances {
					if instance := &reg.RemoteInstances[i]; instance.ID.Given && len(reg.MountsOf(instance)) == 0 {
						r.say(n, instance.ID.Place, `remoteInstance "{id}" is not used by any mount`, instance.ID).
							then("Nothing of it is seen: each node has that part of the registry for itself.").
							fix("Mount it at /_system/config and /_system/governance, or take it away.")
					}
				}
				mounted, missing := reg.Mount(configPath), governancePath
				if mounted == nil {
					mounted, missing = reg.Mount(governancePath), configPath
				}
				if mounted != nil && reg.Mount(missing) == nil {
					r.at(n, mounted.Path.Place, mounted.InstanceID, mounted.Path, missing)
				}
			}),
		},
		{
			ID: "mount-no-remote", Severity: Warning, Scope: InNode,
			Message: "the registry is not shared between the nodes: registry.xml has no mount",
			Then:    "Each node has a registry of its own: what is stored by one is not seen by the others.",
			Fix:     "Mount /_system/config and /_system/governance from a database that all nodes share.",
			Source:  "guide 002, lines 187-228; guide 003, line 46",
			Wrong: `<wso2registry>
    <currentDBConfig>wso2registry</currentDBConfig>
    <dbConfig name="wso2registry">
        <dataSource>jdbc/WSO2CarbonDB</dataSource>
    </dbConfig>
</wso2registry>`,
			Right: `<mount path="/_system/config" overwrite="true">
    <instanceId>shared</instanceId>
    <targetPath>/_system/appsconfig</targetPath>
</mount>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				if n.clustered() && len(reg.Mounts) == 0 {
					r.at(n, reg.Root)
				}
			}),
		},
	}
}
