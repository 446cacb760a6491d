package product

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Axis2 is what conf/axis2/axis2.xml says. Names are matched in no namespace, as org.apache.axis2.deployment.AxisConfigBuilder does.
type Axis2 struct {
	File       *File
	Root       Value       // the name of the root element
	Clustering *Clustering // nil where there is none
	Unseen     *Unseen     // the first element that is nearly called so, or is in a namespace; nil where there is none, or Clustering is there
	Receivers  []Receiver
	HostName   Value // the parameter hostname of the server as a whole
}

// Unseen is an element that looks like clustering to people, but not to Axis2.
type Unseen struct {
	Place
	Name, Namespace string
	Enable          Value
}

// Clustering is the first element clustering below the root.
type Clustering struct {
	Place
	Enable, Class Value
	Parameters    []Parameter // its direct children
	Members       []Member    // of the first element members: ClusterBuilder looks at no other
	MoreMembers   []Member    // of the others
	MemberLists   []Place     // of the elements members
	Properties    []Property  // of the parameter properties
	Groups        *Groups     // nil where there is no groupManagement
	Strays        []Value     // text between elements, which nobody reads
}

// Parameter is an element with a name and a value; the name may be missing.
type Parameter struct {
	Name Value
	Value
	Elements bool // it holds elements instead of a text
}

// Property is one of the parameter properties, which every member tells the others.
type Property struct{ Name, Value Value }

// Member is a well-known member.
type Member struct {
	Place
	Host, Port Value
	Namespace  bool // it, or what it holds, is in a namespace, where ClusterBuilder does not see it
}

// Groups is the element groupManagement, by which a node manages groups of others.
type Groups struct {
	Enable  Value
	Domains []ApplicationDomain
}

// ApplicationDomain is a group of nodes that another manages.
type ApplicationDomain struct{ Agent, Port Value }

// Receiver is a transport that listens.
type Receiver struct {
	Place
	Name, Class Value
	Parameters  []Parameter
}

// ClusteringAgent is the class of the clustering element that Carbon ships.
const ClusteringAgent = "org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent"

// passThroughReceivers are the classes of the receivers of the pass-through and NIO transports, of which some are for TLS.
var passThroughReceivers = map[string]bool{
	"org.apache.synapse.transport.passthru.PassThroughHttpListener":         false,
	"org.apache.synapse.transport.passthru.PassThroughHttpSSLListener":      true,
	"org.apache.synapse.transport.passthru.PassThroughHttpMultiListener":    false,
	"org.apache.synapse.transport.passthru.PassThroughHttpMultiSSLListener": true,
	"org.apache.synapse.transport.nhttp.HttpCoreNIOListener":                false,
	"org.apache.synapse.transport.nhttp.HttpCoreNIOSSLListener":             true,
	"org.apache.synapse.transport.nhttp.HttpCoreNIOMultiSSLListener":        true,
}

// PassThrough reports whether the receiver is one of the pass-through or NIO transports, and whether it is for TLS.
func (r *Receiver) PassThrough() (tls, ok bool) {
	tls, ok = passThroughReceivers[r.Class.Trim()]
	return tls, ok
}

// Enabled reports whether Axis2 takes clustering for enabled.
func (c *Clustering) Enabled() bool { return enabled(c.Enable) }

// Enabled reports whether clustering would be enabled if Axis2 saw it.
func (u *Unseen) Enabled() bool { return enabled(u.Enable) }

// Grouping reports whether Axis2 takes the management of groups for enabled.
func (c *Clustering) Grouping() bool { return c.Groups != nil && enabled(c.Groups.Enable) }

// enabled is how ClusterBuilder.isEnabled reads the attribute: without it, as true.
func enabled(enable Value) bool { return !enable.Given || enable.Is("true") }

// Parameter is the one of that name; of several the last, as in org.apache.axis2.description.ParameterIncludeImpl.
func (r *Receiver) Parameter(name string) Value { return lastOf(r.Parameters, name, r.Place) }

// Parameter is the one of that name; of several the last, as in org.wso2.carbon.core.clustering.hazelcast.ParameterAdapter.
func (c *Clustering) Parameter(name string) Value { return lastOf(c.Parameters, name, c.Place) }

// Named are all parameters of that name, in their order.
func (r *Receiver) Named(name string) []Parameter { return named(r.Parameters, name) }

func named(parameters []Parameter, name string) []Parameter {
	var all []Parameter
	for _, p := range parameters {
		if p.Name.Given && p.Name.Text == name {
			all = append(all, p)
		}
	}
	return all
}

func lastOf(parameters []Parameter, name string, missing Place) Value {
	if all := named(parameters, name); len(all) > 0 {
		return all[len(all)-1].Value
	}
	return Value{Place: missing}
}

// Property is the property of that name; of several the last.
func (c *Clustering) Property(name string) (found Property) {
	found.Value.Place = c.Place
	for _, p := range c.Properties {
		if p.Name.Text == name {
			found = p
		}
	}
	return found
}

func readAxis2(f *File, root xmlops.Element) *Axis2 {
	tag := root.Tag()
	a := &Axis2{File: f, Root: Value{Place: Place{f, tag.Lo, tag.Hi}, Text: root.Name(), Given: true}}
	if c := child(root, "clustering"); c.Exists() {
		a.Clustering = readClustering(f, c)
	} else {
		a.Unseen = readUnseen(f, root)
	}
	for _, e := range children(root, "transportReceiver") {
		a.Receivers = append(a.Receivers, Receiver{
			Place: f.tag(e), Name: f.attribute(e, "name"), Class: f.attribute(e, "class"), Parameters: readParameters(f, e),
		})
	}
	a.HostName = lastOf(readParameters(f, root), "hostname", f.tag(root))
	return a
}

func readUnseen(f *File, root xmlops.Element) *Unseen {
	for _, e := range root.Children() {
		if xmlops.Nearest(e.Name(), []string{"clustering"}) >= 0 {
			return &Unseen{Place: f.tag(e), Name: e.Name(), Namespace: e.Namespace(), Enable: f.attribute(e, "enable")}
		}
	}
	return nil
}

func readClustering(f *File, e xmlops.Element) *Clustering {
	c := &Clustering{Place: f.tag(e), Enable: f.attribute(e, "enable"), Class: f.attribute(e, "class"), Parameters: readParameters(f, e)}
	for _, p := range c.Parameters {
		if meantSecret(p.Name.Text) {
			f.hide(p.Place)
		}
	}
	for i, list := range namedChildren(e, "members") {
		c.MemberLists = append(c.MemberLists, f.tag(list))
		members := readMembers(f, list)
		if i == 0 {
			c.Members = members
		} else {
			c.MoreMembers = append(c.MoreMembers, members...)
		}
	}
	for _, p := range children(e, "parameter") {
		if f.attribute(p, "name").Text == "properties" {
			c.Properties = readProperties(f, p) // the last counts, as of all parameters
		}
	}
	if groups := child(e, "groupManagement"); groups.Exists() {
		c.Groups = readGroups(f, groups)
	}
	c.Strays = strays(f, e)
	return c
}

func readGroups(f *File, e xmlops.Element) *Groups {
	g := &Groups{Enable: f.attribute(e, "enable")}
	for _, d := range children(e, "applicationDomain") {
		g.Domains = append(g.Domains, ApplicationDomain{f.attribute(d, "agent"), f.attribute(d, "port")})
	}
	return g
}

func readParameters(f *File, e xmlops.Element) []Parameter {
	var all []Parameter
	for _, p := range children(e, "parameter") {
		all = append(all, Parameter{Name: f.attribute(p, "name"), Value: f.text(p, Place{}), Elements: len(p.Children()) > 0})
	}
	return all
}

func readProperties(f *File, e xmlops.Element) []Property {
	var all []Property
	for _, p := range children(e, "property") {
		all = append(all, Property{f.attribute(p, "name"), f.attribute(p, "value")})
	}
	return all
}

// readMembers reads those in a namespace, too: they look like members to people.
func readMembers(f *File, list xmlops.Element) []Member {
	var all []Member
	for _, e := range namedChildren(list, "member") {
		m := Member{Place: f.tag(e), Host: f.child(e, "hostName"), Port: f.child(e, "port"), Namespace: e.Namespace() != ""}
		for _, c := range e.Children() {
			m.Namespace = m.Namespace || c.Namespace() != ""
		}
		all = append(all, m)
	}
	return all
}

// namedChildren are those of e with that name in any namespace.
func namedChildren(e xmlops.Element, name string) []xmlops.Element {
	var all []xmlops.Element
	for _, c := range e.Children() {
		if c.Name() == name {
			all = append(all, c)
		}
	}
	return all
}

// containers are the elements that hold elements alone; others may do so, or hold a text.
var containers = []string{"clustering", "members", "member"}

// strays are the texts that stand between elements in e and below it.
func strays(f *File, e xmlops.Element) []Value {
	inner := e.Children()
	if len(inner) == 0 && !slices.Contains(containers, e.Name()) {
		return nil
	}
	var all []Value
	for _, t := range e.Strings() {
		if strings.TrimSpace(t.Text) != "" {
			all = append(all, Value{Place: trimmed(Place{f, t.Lo, t.Hi}), Text: t.Text, Given: true})
		}
	}
	for _, c := range inner {
		all = append(all, strays(f, c)...)
	}
	return all
}
