package product

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// InboundEndpoint is an inbound endpoint of the super tenant that is deployed as a file of its own.
type InboundEndpoint struct {
	Place
	Name, Protocol, Class, Behavior, Coordination Value
}

// inboundEndpoints is the folder that Synapse deploys them from, slash-separated and relative to the home.
const inboundEndpoints = "repository/deployment/server/synapse-configs/default/inbound-endpoints"

// pollingProtocols are those that ask for messages again and again. The others listen.
var pollingProtocols = []string{"file", "jms", "kafka"}

// waitingBehaviors are those of a class that does not ask for messages.
var waitingBehaviors = []string{"listening", "eventBased"}

// Polling reports whether the endpoint asks for messages again and again (InboundRequestProcessorFactoryImpl).
func (i *InboundEndpoint) Polling() bool {
	if i.Protocol.Given {
		return slices.Contains(pollingProtocols, i.Protocol.Text)
	}
	return i.Class.Given && !slices.Contains(waitingBehaviors, i.Behavior.Text)
}

// readInboundEndpoints passes over files that can't be read: the server starts without them.
func (n *Node) readInboundEndpoints() {
	for _, name := range n.Names(inboundEndpoints) {
		if strings.HasSuffix(name, ".xml") {
			_ = n.read(inboundEndpoints+"/"+name, func(f *File, root xmlops.Element) {
				n.InboundEndpoints = append(n.InboundEndpoints, readInboundEndpoint(f, root))
			})
		}
	}
}

func readInboundEndpoint(f *File, root xmlops.Element) InboundEndpoint {
	i := InboundEndpoint{
		Place: f.tag(root), Name: f.attribute(root, "name"), Protocol: f.attribute(root, "protocol"), Class: f.attribute(root, "class"),
		Behavior: Value{Place: f.tag(root)}, Coordination: Value{Place: f.tag(root)},
	}
	for _, list := range namedChildren(root, "parameters") {
		for _, p := range namedChildren(list, "parameter") {
			switch f.attribute(p, "name").Text {
			case "inbound.behavior":
				i.Behavior = f.text(p, i.Place)
			case "coordination":
				i.Coordination = f.text(p, i.Place)
			}
		}
	}
	return i
}
