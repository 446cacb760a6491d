package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusterDatabasesRules are about the databases that the nodes of a cluster share, or must not, and what they find in them.
func clusterDatabasesRules() []*Rule {
	return []*Rule{
		{
			ID: "shared-user-db-mismatch", Severity: Error, Scope: InCluster,
			Message: "the users are in {x} on {a} and in {y} on {b}",
			Then:    "The nodes have different user stores: who may log in, and what for, depends on which node answers.",
			Fix:     "Let the datasource of user-mgt.xml lead to the same database on all nodes.",
			Source:  "RealmConfigXMLProcessor.java:284-391, DatabaseUtil.java:171-175",
			Wrong:   `<url>jdbc:mysql://db.example.com:3306/users2</url>`,
			Right:   `<url>jdbc:mysql://db.example.com:3306/users</url>`,
			onCluster: func(c *Cluster, r *reporter) {
				r.differentDatabases(c.ask(users))
			},
		},
		{
			ID: "admin-user-mismatch", Severity: Warning, Scope: InCluster,
			Message: "{n} is {x} on {a} and {y} on {b}, although they share a user store",
			Then:    "They name rows of one database: each node makes and trusts an administrator or roles of its own.",
			Fix:     "Give all nodes the same AdminRole, AdminUser and EveryOneRoleName.",
			Source:  "RealmConfigXMLProcessor.java:284-391",
			Wrong:   `<AdminRole>admins</AdminRole>`,
			Right:   `<AdminRole>admin</AdminRole>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, sharing := range oneDatabase(c.ask(users)) {
					for _, name := range sharedNames {
						r.differing(sharing.cluster().ask(func(n *Node) said { return sayGiven(name.of(n.UserManagement)) }), name.element)
					}
				}
			},
		},
		{
			ID: "local-registry-shared", Severity: Warning, Scope: InCluster,
			Message: "{a} have {x} as their local registry",
			Then:    "What each node keeps for itself, such as its mounts, is overwritten by the others.",
			Fix:     "Give each node a database of its own behind the dbConfig that currentDBConfig names.",
			Source:  "RegistryCoreServiceComponent.java:239-333; guide 002, line 127",
			Wrong:   `<url>jdbc:mysql://db.example.com:3306/local1</url>`,
			Right:   `<url>jdbc:mysql://db.example.com:3306/local2</url>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, g := range oneDatabase(c.ask(ownRegistry)) {
					if len(g) > 1 {
						r.at(g[1].node, g[1].Place, g, g[0].means).with(g[0].node, g[0].Place)
					}
				}
			},
		},
		{
			ID: "shared-registry-db-mismatch", Severity: Error, Scope: InCluster,
			Message: "the registry mounted at {path} is {x} on {a} and {y} on {b}",
			Then:    "The nodes do not share that part of the registry: what one node saves there, others never see.",
			Fix:     "Let the mounted dbConfig lead to the same database on all nodes.",
			Source:  "RegistryConfigurationProcessor.java:635-808",
			Wrong:   `<url>jdbc:mysql://db.example.com:3306/shared2</url>`,
			Right:   `<url>jdbc:mysql://db.example.com:3306/shared</url>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, paths := range c.sharedPaths() {
					r.differentDatabases(c.ask(shared(paths[0])), list(paths))
				}
			},
		},
		{
			ID: "shared-registry-url-text-mismatch", Severity: Warning, Scope: InCluster,
			Message: "the {n} for one database is {x} on {a} and {y} on {b}",
			Then:    "The registry cache of a node is told of changes by user and URL: those of the others never match, and its entries go stale.",
			Fix:     "Write the URL and the user name of the shared registry in the same way on all nodes.",
			Source:  "RegistryConfigurationProcessor.java:153-156, CacheBackedRegistry.java:159-167",
			Wrong:   `<url>jdbc:mysql://db.example.com/shared</url>`,
			Right:   `<url>jdbc:mysql://db.example.com:3306/shared</url>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, paths := range c.sharedPaths() {
					for _, sharing := range oneDatabase(c.ask(shared(paths[0]))) {
						nodes := sharing.cluster()
						r.differing(nodes.ask(func(n *Node) said { return sayGiven(n.mounted(paths[0]).URL) }), "url")
						r.differing(nodes.ask(func(n *Node) said { return sayGiven(n.mounted(paths[0]).User) }), "username")
					}
				}
			},
		},
		{
			ID: "mount-target-mismatch", Severity: Error, Scope: InCluster,
			Message: "{path} is mounted from {x} on {a} and from {y} on {b}",
			Then:    "Nodes of one role see different parts of the shared registry at that path.",
			Fix:     "Give the mount the same targetPath on all nodes of a role.",
			Source:  "RegistryConfigurationProcessor.java:732-808",
			Wrong:   `<targetPath>/_system/otherconfig</targetPath>`,
			Right:   `<targetPath>/_system/appsconfig</targetPath>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, path := range c.mountPaths() {
					all := c.where(mounting(path)).ask(func(n *Node) said { return sayGiven(n.Registry.Mount(path).TargetPath) })
					usual := slices.DeleteFunc(slices.Clone(all), func(s said) bool { return s.node.role() != "" })
					for _, role := range byRole(all) {
						r.differing(role, path)
						largest, _ := most(role)
						usual = append(usual, largest...)
					}
					for _, f := range r.differing(usual, path) {
						f.as(Info).then("That is as it should be for nodes of different roles, and for no others.")
					}
				}
			},
		},
		{
			ID: "mounts-all-readonly", Severity: Warning, Scope: InCluster,
			Message: "the registry mounted at {path} is read-only on all nodes",
			Then:    "Nobody can write to it: what nodes save there is dropped, and nothing in the log says so.",
			Fix:     "Set readOnly of the remoteInstance to false on the nodes that are to write.",
			Source:  "RegistryConfigurationProcessor.java:635-729, UserRegistry.java:817-823",
			Wrong: `<readOnly>true</readOnly>
<enableCache>true</enableCache>
<registryRoot>/</registryRoot>
<cacheId>`,
			Right: `<readOnly>false</readOnly>
<enableCache>true</enableCache>
<registryRoot>/</registryRoot>
<cacheId>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, paths := range c.sharedPaths() {
					answers := groups(c.ask(remote(paths[0], func(i *product.RemoteInstance) said {
						return said{Value: i.ReadOnly, means: i.ReadOnly.Is("true")}
					})))
					if len(answers) == 1 && len(answers[0]) == len(c.Nodes) && answers[0][0].means == true {
						r.at(answers[0][0].node, answers[0][0].Place, list(paths))
					}
				}
			},
		},
		{
			ID: "registry-root-mismatch", Severity: Error, Scope: InCluster,
			Message: "{n} is {x} on {a} and {y} on {b}",
			Then:    "The nodes see different trees of one database.",
			Fix:     "Give all nodes the same registryRoot.",
			Source:  "RegistryConfigurationProcessor.java:357-365, 635-729",
			Wrong: `<registryRoot>/apps</registryRoot>
<cacheId>`,
			Right: `<registryRoot>/</registryRoot>
<cacheId>`,
			onCluster: func(c *Cluster, r *reporter) {
				r.differing(c.where(func(n *Node) bool { return n.Registry != nil }).ask(func(n *Node) said { return root(n.Registry.RegistryRoot) }), "registryRoot")
				for _, paths := range c.sharedPaths() {
					roots := c.ask(remote(paths[0], func(i *product.RemoteInstance) said { return root(i.RegistryRoot) }))
					r.differing(roots, "registryRoot of the remoteInstance at "+list(paths))
				}
			},
		},
	}
}

// sharedNames are those of user-mgt.xml that name rows of the database.
var sharedNames = []struct {
	element string
	of      func(*product.UserManagement) product.Value
}{
	{"AdminRole", func(u *product.UserManagement) product.Value { return u.AdminRole }},
	{"AdminUser/UserName", func(u *product.UserManagement) product.Value { return u.AdminUser }},
	{"EveryOneRoleName", func(u *product.UserManagement) product.Value { return u.EveryOneRole }},
}

// leadsTo is what a node says by what it reaches a database by: which database that is.
func leadsTo(c product.Connection) said {
	db, known := c.Database()
	if !known {
		return said{}
	}
	return said{Value: c.URL, means: db}
}

// oneDatabase puts together the nodes that lead to one database. Where each node finds one of its own they don't, whatever they say.
func oneDatabase(all []said) []group {
	return slices.DeleteFunc(groups(all), func(g group) bool {
		db := g[0].means.(product.Database)
		return db.Embedded() || db.Local() && !g[0].node.OneMachine
	})
}

// differentDatabases reports the nodes that lead to another database than most do.
func (r *reporter) differentDatabases(all []said, before ...any) {
	largest, others := most(all)
	for _, g := range others {
		r.odd(g, largest, slices.Concat(before, []any{g[0].means, g, largest[0].means, largest})...)
	}
}

// users is what a node says of the database that its users are in.
func users(n *Node) said {
	if n.UserManagement == nil {
		return said{}
	}
	d := n.Datasource(n.UserManagement.DataSource.Trim())
	if d == nil {
		return said{}
	}
	return leadsTo(d.Connection())
}

// mounting tells nodes that mount something at a path.
func mounting(path string) func(*Node) bool {
	return func(n *Node) bool { return n.Registry != nil && n.Registry.Mount(path) != nil }
}

// remote is what nodes say by the remote instance that they mount at a path.
func remote(path string, say func(*product.RemoteInstance) said) func(*Node) said {
	return func(n *Node) said {
		if i := n.remoteInstance(path); i != nil {
			return say(i)
		}
		return said{}
	}
}

// remoteInstance is what the node mounts at a path, nil where that is nothing.
func (n *Node) remoteInstance(path string) *product.RemoteInstance {
	if !mounting(path)(n) {
		return nil
	}
	return n.Registry.RemoteInstance(n.Registry.Mount(path).InstanceID.Text)
}

// mounted is what the node reaches the database by that it mounts at a path.
func (n *Node) mounted(path string) product.Connection {
	i := n.remoteInstance(path)
	if i == nil {
		return product.Connection{}
	}
	return n.Connection(n.Registry.Database(i))
}

// ownRegistry is what a node says of the database of its own registry.
func ownRegistry(n *Node) said {
	if n.Registry == nil {
		return said{}
	}
	return leadsTo(n.Connection(n.Registry.Current()))
}

// shared is what nodes say of the database that they mount at a path.
func shared(path string) func(*Node) said {
	return func(n *Node) said { return leadsTo(n.mounted(path)) }
}

// root is what a node says by a registryRoot. Without it, the root is the root.
func root(v product.Value) said {
	if v.Text == "" {
		v.Text = "/"
	}
	return say(v)
}

// mountPaths are the paths at which nodes mount something, in their order.
func (c *Cluster) mountPaths() []string {
	var all []string
	seen := map[string]bool{}
	for _, n := range c.Nodes {
		if n.Registry == nil {
			continue
		}
		for _, m := range n.Registry.Mounts {
			if !seen[m.Path.Text] {
				seen[m.Path.Text] = true
				all = append(all, m.Path.Text)
			}
		}
	}
	return all
}

// sharedPaths are the mount paths, together those at which every node mounts the same.
func (c *Cluster) sharedPaths() [][]string {
	var all [][]string
	index := map[string]int{}
	for _, path := range c.mountPaths() {
		var instances strings.Builder
		for _, n := range c.Nodes {
			fmt.Fprintf(&instances, "%p ", n.remoteInstance(path))
		}
		i, ok := index[instances.String()]
		if !ok {
			i = len(all)
			index[instances.String()] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], path)
	}
	return all
}
