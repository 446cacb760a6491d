package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

func TestRefuses(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_BLANKS", " \t")
	tests := []struct {
		name string
		req  Request
		file string
		want string
	}{
		{"everything wrong", Request{Node: "m"}, `
version: 2
profile: esb
setings: {}
settings:
  membershpScheme: wka
  localMemberPort: 70000
  deploymentSynchronizer: true
  deploymentSynchronizer.svnURL: http://h/
  hostName:
  mcastTTL: [1]
  members: {host: a, port: 1}
  parameters: x
  svnUser: me
roles:
  wrker: {mcastPort: 1}
nodes:
  m: {role: manger, localMemberHost: 10.0.0.1}
  n: {localMemberHost: 10.0.0.2}
  "o p": {role: worker, localMemberHost: "http://h"}
wellKnown: [m, q, m]
`, `
a.yaml:2:10: unknown version of the cluster file
  version: 2
           ^
hint: this carbonpatch reads version 1
a.yaml:4:1: unknown key "setings" in the cluster file
  setings: {}
  ^^^^^^^
hint: did you mean "settings"?
a.yaml:6:3: unknown setting "membershpScheme"
    membershpScheme: wka
    ^^^^^^^^^^^^^^^
hint: did you mean "membershipScheme"?
a.yaml:7:20: localMemberPort must be 1 to 65535, not 70000
    localMemberPort: 70000
                     ^^^^^
hint: The port for cluster messages. The port offset does not change it. Under aws it must be the same on all nodes.
a.yaml:8:3: deploymentSynchronizer is a group of settings and has no value itself
    deploymentSynchronizer: true
    ^^^^^^^^^^^^^^^^^^^^^^
hint: its settings are deploymentSynchronizer.enabled, deploymentSynchronizer.autoCommit, deploymentSynchronizer.autoCheckout, deploymentSynchronizer.repositoryType, deploymentSynchronizer.svnUrl, deploymentSynchronizer.svnUser, deploymentSynchronizer.svnPassword, deploymentSynchronizer.svnUrlAppendTenantId
a.yaml:9:3: unknown setting "deploymentSynchronizer.svnURL"
    deploymentSynchronizer.svnURL: http://h/
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: did you mean "deploymentSynchronizer.svnUrl"?
a.yaml:10:12: hostName has no value
    hostName:
             ^
a.yaml:11:13: mcastTTL must be a single value
    mcastTTL: [1]
              ^
a.yaml:12:12: members must be a list
    members: {host: a, port: 1}
             ^
a.yaml:13:15: parameters must be a mapping, lines of the form key: value
    parameters: x
                ^
a.yaml:14:3: unknown setting "svnUser"
    svnUser: me
    ^^^^^^^
hint: did you mean "deploymentSynchronizer.svnUser"?
a.yaml:16:3: unknown role "wrker"
    wrker: {mcastPort: 1}
    ^^^^^
hint: did you mean "worker"?
a.yaml:18:13: unknown role "manger"
    m: {role: manger, localMemberHost: 10.0.0.1}
              ^^^^^^
hint: did you mean "manager"?
a.yaml:19:3: the node n has no role
    n: {localMemberHost: 10.0.0.2}
    ^
hint: add role: manager, or role: worker
a.yaml:20:3: the name of a node has letters, digits, and . _ - after the first
    "o p": {role: worker, localMemberHost: "http://h"}
    ^^^^^
a.yaml:20:42: localMemberHost must be a host name or an IP address, not "http://h"
    "o p": {role: worker, localMemberHost: "http://h"}
                                           ^^^^^^^^^^
hint: The address that the other members reach this node at. It is advertised, not bound.
a.yaml:21:16: there is no node "q"
  wellKnown: [m, q, m]
                 ^
hint: the cluster has m, n, o p
a.yaml:21:19: "m" is given twice
  wellKnown: [m, q, m]
                    ^`},
		{"silenced rules", Request{Node: "n"}, head + `
settings: {domain: d}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
lint:
  silence:
    avoid-initiation-not-tru: on purpose
    no-such-rule: on purpose
    avoid-initiation-not-true:
    membership-scheme-invalid: " "
  off: true
`, `
a.yaml:8:5: unknown rule "avoid-initiation-not-tru"
      avoid-initiation-not-tru: on purpose
      ^^^^^^^^^^^^^^^^^^^^^^^^
hint: did you mean "avoid-initiation-not-true"?
a.yaml:9:5: unknown rule "no-such-rule"
      no-such-rule: on purpose
      ^^^^^^^^^^^^
hint: docs/lint.md lists the rules
a.yaml:10:31: the reason to silence avoid-initiation-not-true has no value
      avoid-initiation-not-true:
                                ^
a.yaml:11:32: membership-scheme-invalid is silenced without a reason
      membership-scheme-invalid: " "
                                 ^^^
hint: say why the rule does not count here
a.yaml:12:3: unknown key "off" in lint
    off: true
    ^^^
hint: known are silence`},
		{"twice", Request{Node: "n"}, head + `
settings:
  domain: d
  deploymentSynchronizer: {enabled: false}
  deploymentSynchronizer.enabled: true
  parameters: {a: 1}
  parameters.a: 2
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:7:3: deploymentSynchronizer.enabled is given twice, first in line 6
    deploymentSynchronizer.enabled: true
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
a.yaml:9:3: parameters.a is given twice
    parameters.a: 2
    ^^^^^^^^^^^^`},
		{"items", Request{Node: "n"}, head + `
settings:
  domain: d
  members: [{host: 10.0.0.2-10, port: 4000}, {host: 10.0.0.10-2, prt: 4000}, x]
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:6:53: members.host must be a range that goes up, not "10.0.0.10-2"
    members: [{host: 10.0.0.2-10, port: 4000}, {host: 10.0.0.10-2, prt: 4000}, x]
                                                      ^^^^^^^^^^^
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.
a.yaml:6:66: unknown key "prt" in an item of members
    members: [{host: 10.0.0.2-10, port: 4000}, {host: 10.0.0.10-2, prt: 4000}, x]
                                                                   ^^^
hint: did you mean "port"?
a.yaml:6:78: an item of members must be a mapping, lines of the form key: value
    members: [{host: 10.0.0.2-10, port: 4000}, {host: 10.0.0.10-2, prt: 4000}, x]
                                                                               ^`},
		{"ranges of hosts", Request{Node: "n"}, head + `
settings:
  domain: d
  members:
    - {host: 10.0.0.250-256, port: 4000}
    - {host: 10.0.0-2.3, port: 4000}
    - {host: 10.0.0.2-10.0.0.4, port: 4000}
    - {host: 10.0.0.2-4, port: 4001}
    - {host: 10.0.0.9-9, port: 4000}
nodes: {n: {role: node, localMemberHost: 10.0.0.3}}
`, `
a.yaml:7:14: members.host must be a range of IP addresses such as 10.0.0.2-10, not "10.0.0.250-256"
      - {host: 10.0.0.250-256, port: 4000}
               ^^^^^^^^^^^^^^
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.
a.yaml:8:14: members.host must be a host name, an IP address, or a range in the last octet such as 10.0.0.2-10, not "10.0.0-2.3"
      - {host: 10.0.0-2.3, port: 4000}
               ^^^^^^^^^^
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.
a.yaml:9:14: members.host must be a host name, an IP address, or a range in the last octet such as 10.0.0.2-10, not "10.0.0.2-10.0.0.4"
      - {host: 10.0.0.2-10.0.0.4, port: 4000}
               ^^^^^^^^^^^^^^^^^
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.`},
		{"members that no node has", Request{Node: "n", Set: []string{"members=[{host: Host.example, port: 4003}]"}}, head + `
settings:
  domain: d
  members: [{host: 10.0.0.9, port: 4000}, {host: 10.0.0.1, port: 4001}, {host: 10.0.0.1, port: 4000}, {host: 127.0.0.1, port: 1}, {host: "env:X", port: 1}]
roles: {node: {members: [{host: host.example, port: 4001}, {host: host.example, port: 4002}]}}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1, members: [{host: host.example, port: 4002}]}
  m: {role: node, localMemberHost: host.EXAMPLE, localMemberPort: 4001}
  l: {role: node, localMemberHost: "fact:ip"}
wellKnown: [n]
`, `
a.yaml:6:66: members: no node has 10.0.0.1:4001
    members: [{host: 10.0.0.9, port: 4000}, {host: 10.0.0.1, port: 4001}, {host: 10.0.0.1, port: 4000}, {host: 127.0.0.1, port: 1}, {host: "env:X", port: 1}]
                                                                   ^^^^
hint: the node n has 10.0.0.1:4000
a.yaml:6:110: members: no node has 127.0.0.1:1
    members: [{host: 10.0.0.9, port: 4000}, {host: 10.0.0.1, port: 4001}, {host: 10.0.0.1, port: 4000}, {host: 127.0.0.1, port: 1}, {host: "env:X", port: 1}]
                                                                                                               ^^^^^^^^^
hint: add it to nodes, or take it out
a.yaml:7:87: members: no node has host.example:4002
  roles: {node: {members: [{host: host.example, port: 4001}, {host: host.example, port: 4002}]}}
                                                                                        ^^^^
hint: the node m has host.EXAMPLE:4001
a.yaml:9:83: members: no node has host.example:4002
    n: {role: node, localMemberHost: 10.0.0.1, members: [{host: host.example, port: 4002}]}
                                                                                    ^^^^
hint: the node m has host.EXAMPLE:4001
--set members: members: no node has Host.example:4003
hint: the node m has host.EXAMPLE:4001`},
		{"members on hosts that no node has", Request{Role: "node", Set: []string{"localMemberHost=10.0.0.3", "members=[{host: 10.0.0.3, port: 4000}, {host: 10.0.0.4, port: 4000}]"}}, head + `
settings:
  domain: d
  members: [{host: 10.7.7.7, port: 4000}, {host: "fd00:0::1", port: 4100}, {host: 10.0.0.1-2, port: 4000}, {host: 10.0.0.2-9, port: 4000}, {host: "env:X", port: 1}, {host: "${h}", port: 1}]
nodes:
  a: {role: node, localMemberHost: 10.0.0.1}
  b: {role: node, localMemberHost: "fd00::1", localMemberPort: 4100}
  c: {role: node}
`, `
a.yaml:6:20: members: no node has 10.7.7.7:4000
    members: [{host: 10.7.7.7, port: 4000}, {host: "fd00:0::1", port: 4100}, {host: 10.0.0.1-2, port: 4000}, {host: 10.0.0.2-9, port: 4000}, {host: "env:X", port: 1}, {host: "${h}", port: 1}]
                     ^^^^^^^^
hint: add it to nodes, or take it out
a.yaml:6:115: members: no node has 10.0.0.2-9:4000
    members: [{host: 10.7.7.7, port: 4000}, {host: "fd00:0::1", port: 4100}, {host: 10.0.0.1-2, port: 4000}, {host: 10.0.0.2-9, port: 4000}, {host: "env:X", port: 1}, {host: "${h}", port: 1}]
                                                                                                                    ^^^^^^^^^^
hint: add it to nodes, or take it out
--set members: members: no node has 10.0.0.4:4000
hint: add it to nodes, or take it out`},
		{"missing", Request{Node: "n"}, head + `
settings: {deploymentSynchronizer: {enabled: true}, membershipScheme: aws}
nodes: {n: {role: node}}
`, `
a.yaml:5:9: the node n has no domain
  nodes: {n: {role: node}}
          ^
hint: The name of the cluster. Nodes with another domain form another cluster, without a word in the log.
a.yaml:5:9: the node n has no localMemberHost
  nodes: {n: {role: node}}
          ^
hint: The address that the other members reach this node at. It is advertised, not bound.
a.yaml:5:9: the node n has no aws.accessKey
  nodes: {n: {role: node}}
          ^
hint: The access key for the EC2 API.
a.yaml:5:9: the node n has no aws.secretKey
  nodes: {n: {role: node}}
          ^
hint: The secret key for the EC2 API.
a.yaml:5:9: the node n has no deploymentSynchronizer.svnUrl
  nodes: {n: {role: node}}
          ^
hint: The repository. It must be the same on all nodes.`},
		{"class name", Request{Profile: "carbon", Role: "node", Set: []string{"domain=d", "localMemberHost=h", "membershipScheme=kubernetes"}}, "", `
the role node needs membershipSchemeClassName: --set membershipSchemeClassName=WORD
hint: The Java class of a membership scheme that is none of wka, multicast and aws. Since Carbon 4.4.2.`},
		{"class name of a scheme that is misspelled", Request{Node: "n"}, head + "settings: {domain: d, membershipScheme: wkaa}\nnodes: {n: {role: node, localMemberHost: h}}\n", `
a.yaml:4:9: the node n has no membershipSchemeClassName
  nodes: {n: {role: node, localMemberHost: h}}
          ^
hint: did you mean "wka"? The Java class of a membership scheme that is none of wka, multicast and aws. Since Carbon 4.4.2.`},
		{"no members", Request{Profile: "carbon", Role: "node", Set: []string{"domain=d", "localMemberHost=h"}}, "", `
the role node needs members: --set 'members=[{host: HOST, port: PORT}]'
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.`},
		{"no well-known node of the domain", Request{Node: "n"}, head + `
nodes:
  n: {role: node, localMemberHost: 10.0.0.1, domain: d}
  m: {role: node, localMemberHost: 10.0.0.2, domain: e}
wellKnown: [m]
`, `
a.yaml:5:3: the node n has no members
    n: {role: node, localMemberHost: 10.0.0.1, domain: d}
    ^
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.`},
		{"well-known nodes that others can't know", Request{Node: "n"}, head + `
settings: {domain: d}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1}
  m: {role: node, localMemberHost: "fact:ip", localMemberPort: "env:CARBONPATCH_TEST_UNSET"}
  l: {role: node}
  k: {role: node, localMemberHost: "fact:nosuch", domain: other}
`, `
a.yaml:7:36: localMemberHost of the well-known node m must be a literal, since all nodes need it
    m: {role: node, localMemberHost: "fact:ip", localMemberPort: "env:CARBONPATCH_TEST_UNSET"}
                                     ^^^^^^^^^
hint: leave the node out of wellKnown, or write the value itself
a.yaml:7:64: localMemberPort of the well-known node m must be a literal, since all nodes need it
    m: {role: node, localMemberHost: "fact:ip", localMemberPort: "env:CARBONPATCH_TEST_UNSET"}
                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: leave the node out of wellKnown, or write the value itself
a.yaml:8:3: the well-known node l has no localMemberHost
    l: {role: node}
    ^
hint: leave it out of wellKnown, or give it one`},
		{"a node that doesn't know itself", Request{Node: "n"}, head + `
settings: {domain: d}
nodes:
  n: {role: node}
  m: {role: node, localMemberHost: 10.0.0.1}
`, `
a.yaml:6:3: the node n has no localMemberHost
    n: {role: node}
    ^
hint: The address that the other members reach this node at. It is advertised, not bound.`},
		{"a node that only itself knows", Request{Node: "n", Set: []string{"localMemberHost=10.0.0.2"}}, head + `
settings: {domain: d}
nodes:
  n: {role: node}
  m: {role: node, localMemberHost: 10.0.0.1}
`, `
a.yaml:6:3: the well-known node n has no localMemberHost
    n: {role: node}
    ^
hint: leave it out of wellKnown, or give it one`},
		{"addresses", Request{Node: "n"}, head + `
settings: {domain: d}
nodes:
  n: {role: node, localMemberHost: Host.example}
  m: {role: node, localMemberHost: host.EXAMPLE}
  l: {role: node, localMemberHost: 127.0.0.1}
  k: {role: node, localMemberHost: localhost, localMemberPort: 4001}
  j: {role: node, localMemberHost: host.example, localMemberPort: 4001}
  i: {role: node, localMemberHost: "2001:db8::1"}
  h: {role: node, localMemberHost: "2001:DB8:0::1"}
`, `
a.yaml:7:36: the nodes n and m both have host.EXAMPLE:4000
    m: {role: node, localMemberHost: host.EXAMPLE}
                                     ^^^^^^^^^^^^
hint: every node needs a port of its own on its machine
a.yaml:8:36: localMemberHost of the node l is a loopback address, which the other nodes can't reach
    l: {role: node, localMemberHost: 127.0.0.1}
                                     ^^^^^^^^^
hint: give the address that the other nodes reach it at
a.yaml:9:36: localMemberHost of the node k is a loopback address, which the other nodes can't reach
    k: {role: node, localMemberHost: localhost, localMemberPort: 4001}
                                     ^^^^^^^^^
hint: give the address that the other nodes reach it at
a.yaml:12:36: the nodes i and h both have 2001:DB8:0::1:4000
    h: {role: node, localMemberHost: "2001:DB8:0::1"}
                                     ^^^^^^^^^^^^^^^
hint: every node needs a port of its own on its machine`},
		{"loopback from a source", Request{Node: "n", Set: []string{"localMemberHost=fact:ip:lo"}}, head + `
settings: {domain: d}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1}
  m: {role: node, localMemberHost: 10.0.0.2}
`, `
--set localMemberHost: localMemberHost is a loopback address, which the other nodes can't reach
hint: give the address that the other nodes reach it at`},
		{"loopback for a role", Request{Role: "worker"}, head + `
settings: {domain: d, localMemberHost: "::1"}
nodes:
  m: {role: manager, localMemberHost: 10.0.0.2}
`, `
a.yaml:4:40: localMemberHost is a loopback address, which the other nodes can't reach
  settings: {domain: d, localMemberHost: "::1"}
                                         ^^^^^
hint: give the address that the other nodes reach it at`},
		{"none in an item", Request{Node: "n", Set: []string{"proxy.nonProxyHosts=[none, 'literal:none']"}}, head + `
settings: {domain: d, datasources: [{jndi: jdbc/A, description: none, password: none, username: literal:none}]}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:4:65: datasources.description can't be none, for it is a part of an item
  settings: {domain: d, datasources: [{jndi: jdbc/A, description: none, password: ********, username: literal:none}]}
                                                                  ^^^^
hint: leave it out; literal:none is the word itself
a.yaml:4:81: datasources.password can't be none, for it is a part of an item
  settings: {domain: d, datasources: [{jndi: jdbc/A, description: none, password: ********, username: literal:none}]}
                                                                                  ^^^^^^^^
hint: leave it out; literal:none is the word itself
--set proxy.nonProxyHosts: proxy.nonProxyHosts can't be none, for it is a part of an item
hint: leave it out; literal:none is the word itself`},
		{"required none", Request{Node: "n", Set: []string{"domain=none"}}, head + `
nodes: {n: {role: node, localMemberHost: none}}
`, `
a.yaml:4:42: localMemberHost is required, so it can't be none
  nodes: {n: {role: node, localMemberHost: none}}
                                           ^^^^
--set domain: domain is required, so it can't be none`},
		{"none that the server can't start without", Request{Node: "n", Set: []string{"userManagement.adminPassword=none"}}, head + `
settings: {domain: d, portOffset: none, userManagement: {addAdmin: none}}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:4:35: portOffset can't be none: the server does not start without it
  settings: {domain: d, portOffset: none, userManagement: {addAdmin: none}}
                                    ^^^^
hint: left out, it stays as the home has it
a.yaml:4:68: userManagement.addAdmin can't be none: the server does not start without it
  settings: {domain: d, portOffset: none, userManagement: {addAdmin: none}}
                                                                     ^^^^
hint: left out, it stays as the home has it
--set userManagement.adminPassword: userManagement.adminPassword can't be none: the server does not start without it
hint: left out, it stays as the home has it`},
		{"command line", Request{Node: "n", Set: []string{"domain", "hostname=h", "localMemberPort=0", "members=[", "members=x", "parameters=[1]", "aws=x", "mcastPort=env:CARBONPATCH_TEST_UNSET"}}, head + `
settings: {domain: d}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
--set hostname: unknown setting "hostname"
hint: did you mean "hostName"?
--set localMemberPort: localMemberPort must be 1 to 65535, not 0
hint: The port for cluster messages. The port offset does not change it. Under aws it must be the same on all nodes.
--set members: members must be a list
--set parameters: parameters must be a mapping, lines of the form key: value
--set aws: aws is a group of settings and has no value itself
hint: its settings are aws.accessKey, aws.secretKey, aws.iamRole, aws.securityGroup, aws.region, aws.tagKey, aws.tagValue, aws.hostHeader
--set mcastPort: mcastPort: the environment variable CARBONPATCH_TEST_UNSET is not set
--set members: not valid YAML: did not find expected node content
--set needs name=value`},
		{"no members", Request{Node: "n", Set: []string{"members=[]"}}, head + `
settings: {domain: d, members: none}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
--set members: members is required, so it can't be empty
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.`},
		{"members none", Request{Node: "n"}, head + `
settings: {domain: d}
nodes: {n: {role: node, localMemberHost: 10.0.0.1, members: none}}
`, `
a.yaml:5:52: members is required, so it can't be none
  nodes: {n: {role: node, localMemberHost: 10.0.0.1, members: none}}
                                                     ^^^^^^^
hint: The well-known members, by default the well-known nodes of the same domain. A host may be a range in the last octet, such as 10.0.0.2-10.`},
		{"what no file may hold, with other mistakes", Request{Node: "n", Set: []string{"parameters={a: 1, a: 2}", "members=[&m {host: h}]"}}, head + `
settings: {domain: &d d d, domain: e, hostName: !!str "a b", portOffset: x, mgtHostName: *d}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1}
  n: {role: node, localMemberPort: x, groupPassword: hush}
  [o]: {}
`, `
a.yaml:4:20: anchors and aliases are not supported
  settings: {domain: &d d d, domain: e, hostName: !!str "a b", portOffset: x, mgtHostName: *d}
                     ^
hint: write the value out; a text that starts with & or * needs quotes
a.yaml:4:28: "domain" is given twice, first in line 4
  settings: {domain: &d d d, domain: e, hostName: !!str "a b", portOffset: x, mgtHostName: *d}
                             ^^^^^^
a.yaml:4:49: tags are not supported
  settings: {domain: &d d d, domain: e, hostName: !!str "a b", portOffset: x, mgtHostName: *d}
                                                  ^
hint: a text that starts with ! needs quotes
a.yaml:4:74: portOffset must be 0 to 56000, not "x"
  settings: {domain: &d d d, domain: e, hostName: !!str "a b", portOffset: x, mgtHostName: *d}
                                                                           ^
hint: What is added to the ports of the server, for several servers on one machine. It changes neither localMemberPort nor the proxy ports.
a.yaml:4:90: anchors and aliases are not supported
  settings: {domain: &d d d, domain: e, hostName: !!str "a b", portOffset: x, mgtHostName: *d}
                                                                                           ^
hint: write the value out; a text that starts with & or * needs quotes
a.yaml:7:3: "n" is given twice, first in line 6
    n: {role: node, localMemberPort: x, groupPassword: ********}
    ^
a.yaml:7:36: localMemberPort must be 1 to 65535, not "x"
    n: {role: node, localMemberPort: x, groupPassword: ********}
                                     ^
hint: The port for cluster messages. The port offset does not change it. Under aws it must be the same on all nodes.
a.yaml:8:3: a key must be text
    [o]: {}
    ^
--set parameters: "a" is given twice
--set members: anchors and aliases are not supported
hint: write the value out; a text that starts with & or * needs quotes`},
		{"items that are the same", Request{Node: "n", Set: []string{"members=[{host: a, port: 1}, {port: 2, host: a}, {port: 1, host: a}]"}}, head + `
settings: {domain: d}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
--set members: two items of members are the same`},
		{"keys of a map", Request{Node: "n"}, head + `
settings: {domain: d, parameters: {"a'\"b": 1, "c\nd": 2}}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:4:36: a key of parameters can't hold both kinds of quotes
  settings: {domain: d, parameters: {"a'\"b": 1, "c\nd": 2}}
                                     ^^^^^^^
a.yaml:4:48: a key of parameters must not hold line breaks or control characters
  settings: {domain: d, parameters: {"a'\"b": 1, "c\nd": 2}}
                                                 ^^^^^^`},
		{"unspecified address", Request{Node: "n", Set: []string{"localMemberHost=::"}}, head + `
settings: {domain: d}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1}
  m: {role: node, localMemberHost: 0.0.0.0}
`, `
a.yaml:7:36: localMemberHost of the node m is the unspecified address, which the other nodes can't reach
    m: {role: node, localMemberHost: 0.0.0.0}
                                     ^^^^^^^
hint: give the address that the other nodes reach it at
--set localMemberHost: localMemberHost is the unspecified address, which the other nodes can't reach
hint: give the address that the other nodes reach it at`},
		{"unknown node", Request{Node: "wrker1"}, head + `
settings: {domain: d, hostName: "a b"}
nodes: {worker1: {role: worker, localMemberHost: 10.0.0.1}}
`, `
a.yaml:4:33: hostName must be a host name or an IP address, not "a b"
  settings: {domain: d, hostName: "a b"}
                                  ^^^^^
hint: The name that clients reach the services at, that of the load balancer. It becomes part of the addresses of services.
there is no node "wrker1"
hint: did you mean "worker1"?`},
		{"unknown role", Request{Role: "mgr"}, head, `
unknown role "mgr"
hint: the profile carbon has node, manager, worker`},
		{"node and role", Request{Node: "n", Role: "node"}, head + "settings: {domain: d}\nnodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n", `
either --node or --role can be given
hint: a node has its role from the cluster file`},
		{"neither", Request{Profile: "esb"}, "", `
no role is given
hint: --role manager, or --role worker`},
		{"phase", Request{Node: "n", Phase: "boot"}, head + "settings: {domain: d}\nnodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n", `
unknown phase "boot"
hint: the phases are image and node`},
		{"a file of another kind", Request{Node: "n"}, "hunter2:*:1:\nhunter2: 1\nhunter2: 2\n", `
a.yaml:1:1: not a cluster file
hint: a cluster file has the line version: 1, and profile:, settings:, roles: or nodes:; carbonpatch init writes one`},
		{"a single line", Request{Node: "n"}, "hunter2\n", `
a.yaml:1:1: not a cluster file
hint: a cluster file has the line version: 1, and profile:, settings:, roles: or nodes:; carbonpatch init writes one`},
		{"no profile", Request{Node: "n"}, "version: 1\nnodes: {n: {}}\n", `
no profile is named
hint: add a line such as profile: esb, or give --profile`},
		{"unknown profile", Request{Node: "n"}, "version: 1\nprofile: esbb\n", `
a.yaml:2:10: unknown profile "esbb"
  profile: esbb
           ^^^^
hint: did you mean "esb"? A file of your own is named by its path, such as ./mine.yaml`},
		{"source of white space", Request{Node: "n"}, head + `
settings: {domain: 'env:CARBONPATCH_TEST_BLANKS', groupPassword: 'env:CARBONPATCH_TEST_BLANKS', hostName: "  "}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:4:20: domain: env:CARBONPATCH_TEST_BLANKS holds nothing but white space
  settings: {domain: 'env:CARBONPATCH_TEST_BLANKS', groupPassword: 'env:CARBONPATCH_TEST_BLANKS', hostName: "  "}
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
a.yaml:4:66: groupPassword: env:CARBONPATCH_TEST_BLANKS holds nothing but white space
  settings: {domain: 'env:CARBONPATCH_TEST_BLANKS', groupPassword: 'env:CARBONPATCH_TEST_BLANKS', hostName: "  "}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
a.yaml:4:107: hostName must be a host name or an IP address, not ""
  settings: {domain: 'env:CARBONPATCH_TEST_BLANKS', groupPassword: 'env:CARBONPATCH_TEST_BLANKS', hostName: "  "}
                                                                                                            ^^^^
hint: The name that clients reach the services at, that of the load balancer. It becomes part of the addresses of services.`},
		{"unknown profile of the command line", Request{Node: "n", Profile: "esbb"}, "version: 1\nprofile: carbon\n", `
unknown profile "esbb"
hint: did you mean "esb"? A file of your own is named by its path, such as ./mine.yaml`},
		{"parameters with a setting of their own", Request{Node: "n"}, head + `
settings:
  domain: d
  parameters: {region: r, properties: x, connTimeout: 5}
  parameters.localMemberPort: 4000
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`, `
a.yaml:6:16: parameters.region has a setting of its own
    parameters: {region: r, properties: x, connTimeout: 5}
                 ^^^^^^
hint: use the setting aws.region
a.yaml:6:27: parameters.properties has a setting of its own
    parameters: {region: r, properties: x, connTimeout: 5}
                            ^^^^^^^^^^
hint: use the setting subDomain
a.yaml:7:3: parameters.localMemberPort has a setting of its own
    parameters.localMemberPort: 4000
    ^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: use the setting localMemberPort`},
		{"no version", Request{Node: "n"}, "profile: carbon\nsettings: {domain: d}\nnodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n", `
the cluster file has no version
hint: start the file with version: 1`},
		{"not YAML", Request{Node: "n"}, "version: 1\nsettings: {svnPassword: 'hush\n", `
a.yaml:2:1: not valid YAML at or after this line: found unexpected end of stream`},
		{"parts that are no mappings", Request{Node: "n"}, head + "settings: [a]\nroles: x\nnodes: [n]\nwellKnown: n\nname: {}\n", `
a.yaml:3:11: settings must be a mapping, lines of the form key: value
  settings: [a]
            ^
a.yaml:4:8: roles must be a mapping, lines of the form key: value
  roles: x
         ^
a.yaml:5:8: nodes must be a mapping, lines of the form key: value
  nodes: [n]
         ^
a.yaml:6:12: wellKnown must be a list
  wellKnown: n
             ^
a.yaml:7:7: name must be a single value
  name: {}
        ^
there is no node "n"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.file != "" {
				tt.req.Files = files(tt.file)
			}
			_, err := Resolve(tt.req)
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}

// Problems of several files come in the order of the files, whatever they are about.
func TestRefusesFiles(t *testing.T) {
	t.Parallel()
	_, err := Resolve(Request{Node: "n", Files: files(
		head+"settings: {domain: d e}\nnodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n",
		"version: 1\nsettings: {hostName: 'x y'}\nnodes: {n: {role: nod}}\n",
	)})
	expect(t, `
a.yaml:3:20: domain must be one word without blanks, not "d e"
  settings: {domain: d e}
                     ^^^
hint: The name of the cluster. Nodes with another domain form another cluster, without a word in the log.
b.yaml:2:22: hostName must be a host name or an IP address, not "x y"
  settings: {hostName: 'x y'}
                       ^^^^^
hint: The name that clients reach the services at, that of the load balancer. It becomes part of the addresses of services.
b.yaml:3:19: unknown role "nod"
  nodes: {n: {role: nod}}
                    ^^^
hint: did you mean "node"?`, problemtest.Report(err))
}

func TestRefusesKeyedItems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "p.yaml"), `
profile: p
extends: carbon
settings: {databases: {type: "list keyed by name of {name word, user text required, password text secret}"}}
`)
	_, err := Resolve(Request{Profile: filepath.Join(dir, "p.yaml"), Role: "node", Files: files(`
version: 1
settings:
  domain: d
  databases: [{name: a}, {name: b, pasword: hush, password: [hush]}, {name: a}, {user: x}]
`), Set: []string{"localMemberHost=h", "membershipScheme=multicast", "databases=[{name: a, password: hush}]"}})
	expect(t, `
a.yaml:5:36: unknown key "pasword" in an item of databases
    databases: [{name: a}, {name: b, pasword: ********, password: [********]}, {name: a}, {user: x}]
                                     ^^^^^^^
hint: did you mean "password"?
a.yaml:5:61: databases.password must be a single value
    databases: [{name: a}, {name: b, pasword: ********, password: [********]}, {name: a}, {user: x}]
                                                                  ^
a.yaml:5:70: two items of databases have the name a
    databases: [{name: a}, {name: b, pasword: ********, password: [********]}, {name: a}, {user: x}]
                                                                               ^
a.yaml:5:81: an item of databases has no name
    databases: [{name: a}, {name: b, pasword: ********, password: [********]}, {name: a}, {user: x}]
                                                                                          ^
--set databases: databases.password is secret, and a command line can be seen by others
hint: give env:NAME or file:/path instead`, problemtest.Report(err))
}

func TestSecretsStaySecret(t *testing.T) {
	const canary = "canary-0815"
	t.Setenv("CARBONPATCH_TEST_CANARY", canary+"\n"+canary)
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(canary+"\n"+canary), 0o600); err != nil {
		t.Fatal(err)
	}
	const nodes = "nodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n"
	tests := []struct {
		name, text string
		set        []string
		want       string
	}{
		{"literal with another mistake in its line", head + "settings: {domain: d d, groupPassword: canary-0815}\n" + nodes, nil, `
a.yaml:3:20: domain must be one word without blanks, not "d d"
  settings: {domain: d d, groupPassword: ********}
                     ^^^
hint: The name of the cluster. Nodes with another domain form another cluster, without a word in the log.`},
		{"left of a mistake", head + "settings: {groupPassword: canary-0815, domain: d d}\n" + nodes, nil, `
a.yaml:3:48: domain must be one word without blanks, not "d d"
  settings: {groupPassword: ********, domain: d d}
                                              ^^^
hint: The name of the cluster. Nodes with another domain form another cluster, without a word in the log.`},
		{"wrong itself", head + "settings: {domain: d, groupPassword: \"canary-0815\\ncanary-0815\"}\n" + nodes, nil, `
a.yaml:3:38: groupPassword must not hold line breaks or control characters
  settings: {domain: d, groupPassword: ********}
                                       ^^^^^^^^
hint: The password that all members of the cluster share.`},
		{"not a single value", head + "settings:\n  domain: d\n  groupPassword: [canary-0815]\n" + nodes, nil, `
a.yaml:5:18: groupPassword must be a single value
    groupPassword: [********]
                   ^`},
		{"misspelled", head + "settings:\n  domain: d\n  grupPasswrd: canary-0815\n  groupPasward: canary-0815\n  svn: {pwd: canary-0815}\n" + nodes, nil, `
a.yaml:5:3: unknown setting "grupPasswrd"
    grupPasswrd: ********
    ^^^^^^^^^^^
hint: did you mean "groupPassword"?
a.yaml:6:3: unknown setting "groupPasward"
    groupPasward: ********
    ^^^^^^^^^^^^
hint: did you mean "groupPassword"?
a.yaml:7:3: unknown setting "svn"
    svn: {pwd: ********}
    ^^^`},
		{"badly misspelled, and in a comment", head + "settings:\n  domain: d\n  svnPasword: canary-0815\n  svnPw: canary-0815 # password: canary-0815\n" + nodes, nil, `
a.yaml:5:3: unknown setting "svnPasword"
    svnPasword: ********
    ^^^^^^^^^^
hint: did you mean "deploymentSynchronizer.svnPassword"?
a.yaml:6:3: unknown setting "svnPw"
    svnPw: ******** # password: ********
    ^^^^^`},
		{"in a text that should be a mapping", head + "settings:\n  domain: d\n  datasources: \"{jndi: jdbc/A, password: canary-0815}\"\n" + nodes, nil, `
a.yaml:5:16: datasources must be a list
    datasources: "{jndi: jdbc/A, password: ********"
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`},
		{"in a list that should be a mapping", head + "settings:\n  domain: d\n  datasources: [[jdbc/A, password, \"canary-0815\"]]\n" + nodes, nil, `
a.yaml:5:17: an item of datasources must be a mapping, lines of the form key: value
    datasources: [[jdbc/A, password, ********]]
                  ^`},
		{"in the wrong place", head + "svnPassword: canary-0815\nsettings: {domain: d}\n" + nodes, nil, `
a.yaml:3:1: unknown key "svnPassword" in the cluster file
  svnPassword: ********
  ^^^^^^^^^^^
hint: known are lint, name, nodes, profile, roles, settings, version, wellKnown`},
		{"the mask", head + "settings: {domain: d, groupPassword: '********'}\n" + nodes, nil, `
a.yaml:3:38: groupPassword must be the value itself, not the mask that hides it
  settings: {domain: d, groupPassword: ********}
                                       ^^^^^^^^
hint: The password that all members of the cluster share.`},
		{"in a URL", head + "settings: {domain: d, deploymentSynchronizer: {enabled: false, svnUrl: 'http://me:canary-0815@h/', svnUser: [x]}}\n" + nodes, nil, `
a.yaml:3:109: deploymentSynchronizer.svnUser must be a single value
  settings: {domain: d, deploymentSynchronizer: {enabled: false, svnUrl: 'http://********@h/', svnUser: [x]}}
                                                                                                        ^`},
		{"on the command line", head + "settings: {domain: d}\n" + nodes, []string{"groupPassword=canary-0815"}, `
--set groupPassword: groupPassword is secret, and a command line can be seen by others
hint: give env:NAME or file:/path instead`},
		{"escaped on the command line", head + "settings: {domain: d}\n" + nodes, []string{"groupPassword=literal:canary-0815"}, `
--set groupPassword: groupPassword is secret, and a command line can be seen by others
hint: give env:NAME or file:/path instead`},
		{"by the name of a parameter", head + "settings: {domain: d d, parameters: {x: 1, vaultPassword: canary-0815}, parameters.otherSecret: canary-0815}\n" + nodes, nil, `
a.yaml:3:20: domain must be one word without blanks, not "d d"
  settings: {domain: d d, parameters: {x: 1, vaultPassword: ********}, parameters.otherSecret: ********}
                     ^^^
hint: The name of the cluster. Nodes with another domain form another cluster, without a word in the log.`},
		{"parameters on the command line", head + "settings: {domain: d}\n" + nodes, []string{"parameters={x: 1, vaultPassword: canary-0815}", "parameters.groupPasswd=canary-0815"}, `
--set parameters: parameters.vaultPassword is secret, and a command line can be seen by others
hint: give env:NAME or file:/path instead
--set parameters.groupPasswd: parameters.groupPasswd is secret, and a command line can be seen by others
hint: give env:NAME or file:/path instead`},
		{"URL that is no host", head + "settings: {domain: d, hostName: 'http://u:canary-0815@h'}\n" + nodes, []string{"mgtHostName=http://u:canary-0815@h"}, `
a.yaml:3:33: hostName must be a host name or an IP address, not "http://********@h"
  settings: {domain: d, hostName: 'http://********@h'}
                                  ^^^^^^^^^^^^^^^^^^^
hint: The name that clients reach the services at, that of the load balancer. It becomes part of the addresses of services.
--set mgtHostName: mgtHostName must be a host name or an IP address, not "http://********@h"
hint: The name that browsers reach the management console at.
--set mgtHostName: mgtHostName holds a password, and a command line can be seen by others
hint: give env:NAME or file:/path instead`},
		{"no URL", head + "settings:\n  domain: d\n  deploymentSynchronizer.svnUrl: svn u:canary-0815@h\n  datasources: [{jndi: a, url: my password=canary-0815}]\n" + nodes, []string{"wsdlEPRPrefix.http=me canary-0815@h"}, `
a.yaml:5:34: deploymentSynchronizer.svnUrl must be a URL such as https://host/path
    deploymentSynchronizer.svnUrl: ********
                                   ^^^^^^^^
hint: The repository. It must be the same on all nodes.
a.yaml:6:32: datasources.url must be a URL such as https://host/path
    datasources: [{jndi: a, url: ********}]
                                 ^^^^^^^^
hint: The datasources by their JNDI name. One that a *-datasources.xml has is edited there and keeps what isn't named here; a new one needs name, url and driverClassName, and goes to master-datasources.xml or the one that file names.
--set wsdlEPRPrefix.http: wsdlEPRPrefix.http must be a URL such as https://host/path
hint: What the addresses of services begin with, as clients reach them over HTTP. Without a slash at the end.`},
		{"source with a line break", head + "settings: {domain: d, groupPassword: 'env:CARBONPATCH_TEST_CANARY'}\n" + nodes, nil, `
a.yaml:3:38: groupPassword, from env:CARBONPATCH_TEST_CANARY, must not hold line breaks or control characters
  settings: {domain: d, groupPassword: 'env:CARBONPATCH_TEST_CANARY'}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`},
		{"source that doesn't fit", head + "settings: {domain: d, portOffset: 'env:CARBONPATCH_TEST_CANARY'}\n" + nodes, nil, `
a.yaml:3:35: portOffset, from env:CARBONPATCH_TEST_CANARY, must not hold line breaks or control characters
  settings: {domain: d, portOffset: 'env:CARBONPATCH_TEST_CANARY'}
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`},
		{"source that can't be read", head + "settings: {domain: d, groupPassword: 'file:FILE'}\n" + nodes, []string{"hostName=file:FILE"}, `
a.yaml:3:38: groupPassword: file:FILE has more than one line
  settings: {domain: d, groupPassword: 'file:FILE'}
                                       ^^^^^^
--set hostName: hostName: file:FILE has more than one line`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.ReplaceAll(tt.text, "FILE", file)
			for i := range tt.set {
				tt.set[i] = strings.ReplaceAll(tt.set[i], "FILE", file)
			}
			_, err := Resolve(Request{Files: files(text), Node: "n", Set: tt.set})
			got := strings.ReplaceAll(problemtest.Report(err), file, "FILE")
			if strings.Contains(got, canary) {
				t.Errorf("the secret shows")
			}
			got = strings.ReplaceAll(got, strings.Repeat("^", len("'file:'")+len(file)), "^^^^^^")
			expect(t, tt.want, got)
		})
	}
}

func TestSecrets(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_HOST", "host.example")
	t.Setenv("CARBONPATCH_TEST_FIVE", "-----")
	t.Setenv("CARBONPATCH_TEST_SIX", "------")
	t.Setenv("CARBONPATCH_TEST_PASSWORD", "p&<1>pw")
	node := resolve(t, Request{Node: "n", Files: files(head + `
settings:
  domain: my.domain.example
  hostName: env:CARBONPATCH_TEST_HOST
  mgtHostName: env:CARBONPATCH_TEST_HOST
  clusteringPattern: env:CARBONPATCH_TEST_FIVE
  subDomain: env:CARBONPATCH_TEST_SIX
  groupPassword: literal-secret
  parameters: {licenseKey: "env:CARBONPATCH_TEST_PASSWORD"}
nodes: {n: {role: node, localMemberHost: "fact:ip:lo"}}
`), Set: []string{"aws.secretKey=env:CARBONPATCH_TEST_PASSWORD", "members=[{host: 10.0.0.1, port: 1}]"}})
	expect(t, "------, literal-secret, p&<1>pw, host.example", revealed(node.Secrets))
	if !node.Values["aws.secretKey"].Secret || !node.Values["groupPassword"].Secret || node.Values["hostName"].Secret {
		t.Error("the wrong values are secret")
	}
}

// Sources of secrets that can't be read are no problem where secrets are skipped, nor are missing secrets.
func TestSkipSecrets(t *testing.T) {
	t.Parallel()
	req := Request{Node: "n", SkipSecrets: true, Files: files(head + `
settings:
  domain: d
  membershipScheme: aws
  aws.accessKey: env:CARBONPATCH_TEST_UNSET
  groupPassword: none
  parameters: {vaultPassword: "env:CARBONPATCH_TEST_UNSET", licenseKey: k}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`)}
	values := resolve(t, req).Values
	expect(t, "********", showValue(values["aws.accessKey"]))
	expect(t, "none", showValue(values["groupPassword"]))
	expect(t, "[key:vaultPassword value:********, key:licenseKey value:k]", showValue(values["parameters"]))

	req.SkipSecrets = false
	_, err := Resolve(req)
	expect(t, `
a.yaml:7:18: aws.accessKey: the environment variable CARBONPATCH_TEST_UNSET is not set
    aws.accessKey: env:CARBONPATCH_TEST_UNSET
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^
a.yaml:9:31: parameters.vaultPassword: the environment variable CARBONPATCH_TEST_UNSET is not set
    parameters: {vaultPassword: "env:CARBONPATCH_TEST_UNSET", licenseKey: k}
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
a.yaml:10:9: the node n has no aws.secretKey
  nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
          ^
hint: The secret key for the EC2 API.`, problemtest.Report(err))
}
