package lint

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// awsRules are about the parameters of the scheme aws.
func awsRules() []*Rule {
	return []*Rule{
		{
			ID: "aws-credentials-missing", Severity: Error, Scope: InFile,
			Message: "{name} is required under membershipScheme aws",
			Then:    `The cluster can't be initialized ("AWS access key is required", "AWS secret key is required"), and the server never opens its transports.`,
			Fix:     "Give accessKey and secretKey, or, from Carbon 4.4.34 on, iamRole.",
			Source:  "AWSBasedMembershipScheme.java:81-121, AwsConfig",
			Wrong:   `<parameter name="accessKey"></parameter>`,
			Right: `<parameter name="accessKey" svns:secretAlias="Axis2.clustering.aws.accessKey">password</parameter>
<parameter name="secretKey" svns:secretAlias="Axis2.clustering.aws.secretKey">password</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				if !n.parameter("iamRole").Empty() && !n.KernelBefore(iamRoleSince) {
					return
				}
				for _, name := range product.AWSSecrets {
					if v := n.parameter(name); v.Empty() && v.Alias == "" {
						r.at(n, v.Place, name)
					}
				}
			}),
		},
		{
			ID: "aws-region-zone", Severity: Error, Scope: InFile,
			Message: `the region "{region}" is an availability zone`,
			Then:    "EC2 has no endpoint of that name, so no member is found.",
			Fix:     "Take away the letter at its end.",
			Source:  "AWSBasedMembershipScheme.java:81-121, AWSClient; guide 000, line 31",
			Wrong:   `<parameter name="region">us-east-1a</parameter>`,
			Right:   `<parameter name="region">us-east-1</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				if v := n.parameter("region"); zone.MatchString(v.Trim()) {
					region := v.Trimmed()
					r.at(n, v.Place, region).fix("Set it to {region}.", region.Text[:len(region.Text)-1])
				}
			}),
		},
		{
			ID: "aws-region-missing", Severity: Info, Scope: InFile,
			Message: "there is no region, which makes it us-east-1",
			Then:    "Members in any other region are not found.",
			Fix:     "Say which region the instances are in.",
			Source:  "AwsConfig; guide 000, line 22",
			Wrong: `<parameter name="securityGroup">carbon</parameter>
<parameter name="domain">wso2.ei.domain</parameter>`,
			Right: `<parameter name="securityGroup">carbon</parameter>
<parameter name="region">eu-west-1</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				switch v := n.parameter("region"); {
				case !v.Given:
					r.at(n, v.Place)
				case v.Empty():
					r.say(n, v.Place, "the region is empty").as(Error).
						then(`Hazelcast refuses that ("region must contain text"), and the server never opens its transports.`)
				}
			}),
		},
		{
			ID: "aws-security-group-id", Severity: Error, Scope: InFile,
			Message: `the securityGroup "{id}" is an id, not a name`,
			Then:    `It is compared with the names of groups and matches none ("No EC2 instances found!").`,
			Fix:     "Give the name of the security group.",
			Source:  "AWSClient, CloudyUtility",
			Wrong:   `<parameter name="securityGroup">sg-0a1b2c3d</parameter>`,
			Right:   `<parameter name="securityGroup">carbon</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				if v := n.parameter("securityGroup"); groupID.MatchString(v.Trim()) {
					r.at(n, v.Place, v.Trimmed())
				}
			}),
		},
		{
			ID: "aws-tag-value-without-key", Severity: Warning, Scope: InFile,
			Message: "tagValue is ignored without tagKey",
			Then:    "Instances count as members whatever their tags are.",
			Fix:     "Give the key of that tag as tagKey, or take tagValue out.",
			Source:  "AWSClient, CloudyUtility",
			Wrong:   `<parameter name="tagValue">carbon</parameter>`,
			Right: `<parameter name="tagKey">cluster</parameter>
<parameter name="tagValue">carbon</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				key, value := n.parameter("tagKey"), n.parameter("tagValue")
				switch {
				case key.Empty() && !value.Empty():
					r.at(n, value.Place)
				case !key.Empty() && value.Empty():
					r.say(n, key.Place, "tagKey without tagValue matches every value of that tag").as(Info).
						then("Instances of other clusters that have the tag count as members, too.").
						fix("Give the value of the tag as tagValue.")
				}
			}),
		},
		{
			ID: "aws-no-filter", Severity: Warning, Scope: InFile,
			Message: "there is neither securityGroup nor tagKey",
			Then:    "Every running instance in the region is probed as a member.",
			Fix:     "Give the name of the security group of the members, or a tag that they have.",
			Source:  "AWSClient, CloudyUtility; guide 000, lines 9 and 58",
			Wrong: `<parameter name="secretKey" svns:secretAlias="Axis2.clustering.aws.secretKey">password</parameter>
<parameter name="region">eu-west-1</parameter>`,
			Right: `<parameter name="securityGroup">carbon</parameter>
<parameter name="region">eu-west-1</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				if group := n.parameter("securityGroup"); group.Empty() && n.parameter("tagKey").Empty() {
					r.at(n, group.Place)
				}
			}),
		},
		{
			ID: "aws-placeholder", Severity: Warning, Scope: InFile,
			Message: `{name} "{value}" is an example of the guide`,
			Then:    "AWS refuses such a key, and no instance has such a group or tag.",
			Fix:     "Give the real value.",
			Source:  "guide 000, lines 26-34",
			Wrong:   `<parameter name="securityGroup">a_group_name</parameter>`,
			Right:   `<parameter name="securityGroup">carbon</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				for _, name := range product.AWSParameters {
					if v := n.parameter(name); slices.Contains(guideExamples, v.Trim()) {
						r.at(n, v.Place, name, v)
					}
				}
			}),
		},
		{
			ID: "aws-port-range", Severity: Info, Scope: InFile,
			Message: "localMemberPort {port} is not between 5701 and 5800",
			Then:    "The guide asks for that range, though the code does not: security groups are often opened for no other.",
			Fix:     "Make sure that the members reach each other at this port, or take one of the range on all of them.",
			Source:  "TcpIpJoinerOverAWS; guide 000, line 17",
			Wrong:   `<parameter name="localMemberPort">4100</parameter>`,
			Right:   `<parameter name="localMemberPort">5701</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				if port := n.address().port; port != 0 && (port < 5701 || port > 5800) {
					r.at(n, n.parameter(localMemberPort).Place, port)
				}
			}),
		},
		{
			ID: "aws-conn-timeout-invalid", Severity: Error, Scope: InFile,
			Message: `connTimeout "{value}" is not a whole number of seconds from 0 on`,
			Then:    "The cluster can't be initialized, and the server never opens its transports.",
			Fix:     "Give the seconds alone, or leave it out.",
			Source:  "AWSBasedMembershipScheme.java:81-121, WKABasedMembershipScheme.java:90-114",
			Wrong:   `<parameter name="connTimeout">5s</parameter>`,
			Right:   `<parameter name="connTimeout">5</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if scheme := n.scheme(); scheme != "aws" && scheme != "wka" {
					return
				}
				if v := n.parameter("connTimeout"); v.Given && !isIntegerOf(v, 0, math.MaxInt32) && !product.HoldsReference(v.Text) {
					r.at(n, v.Place, v)
				}
			},
		},
		{
			ID: "aws-plaintext-secret", Severity: Warning, Scope: InFile,
			Message: "{name} stands in clear text",
			Then:    "Whoever reads the file can use the key.",
			Fix:     "Keep it in secure vault (from Carbon 4.4.17 on), or let the instances have an iamRole (from 4.4.34 on).",
			Source:  "AWSBasedMembershipScheme.java:81-121",
			Wrong:   `<parameter name="accessKey">AKIAEXAMPLE</parameter>`,
			Right:   `<parameter name="accessKey" svns:secretAlias="Axis2.clustering.aws.accessKey">password</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				for _, name := range product.AWSSecrets {
					v := n.parameter(name)
					if v.Empty() || !v.Literal() {
						continue
					}
					f := r.at(n, v.Place, name)
					if n.KernelBefore(awsVaultSince) {
						f.fix("Give it no other right than to describe instances: Carbon {version} can't read it from secure vault.", n.Kernel)
					}
				}
			}),
		},
		{
			ID: "aws-vault-unsupported", Severity: Error, Scope: InNode,
			Message: "secretAlias {alias} of {name} is not resolved by Carbon {version}",
			Then:    "The text of the element is sent to AWS, which refuses it.",
			Fix:     "Write the key itself, or update Carbon to 4.4.17 or later.",
			Source:  "AWSBasedMembershipScheme.java:81-121",
			Wrong:   `<parameter name="accessKey" svns:secretAlias="aws.key">password</parameter>`,
			Right:   `<parameter name="accessKey" svns:secretAlias="Axis2.clustering.aws.accessKey">password</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				for _, a := range n.Aliases {
					name, isParameter := strings.CutPrefix(a.Path, "clustering/")
					token := product.AWSAlias(name)
					switch {
					case !isParameter || !slices.Contains(product.AWSSecrets, name) || !effective(a):
					case n.KernelBefore(awsVaultSince):
						r.at(n, a.Place, a.Value, name, n.Kernel)
					case a.Trim() != token && n.KernelBefore(anyAliasSince):
						r.at(n, a.Place, a.Value, name, n.Kernel).fix("This version knows no other alias than {alias} there.", token)
					}
				}
			}),
		},
		{
			ID: "iam-role-unsupported", Severity: Error, Scope: InNode,
			Message: "iamRole is not read by Carbon {version}",
			Then:    `It is ignored, and without the two keys the cluster can't be initialized: "AWS access key is required".`,
			Fix:     "Give accessKey and secretKey, or update Carbon to 4.4.34 or later.",
			Source:  "AWSBasedMembershipScheme.java",
			Wrong:   `<parameter name="iamRole">carbon</parameter>`,
			Right: `<parameter name="accessKey" svns:secretAlias="Axis2.clustering.aws.accessKey">password</parameter>
<parameter name="secretKey" svns:secretAlias="Axis2.clustering.aws.secretKey">password</parameter>`,
			onNode: underAWS(func(n *Node, r *reporter) {
				if v := n.parameter("iamRole"); v.Given && n.KernelBefore(iamRoleSince) {
					r.at(n, v.Place, n.Kernel)
				}
			}),
		},
	}
}

// The versions of Carbon from which on the scheme knows secure vault, any alias in it, and roles.
const (
	awsVaultSince = "4.4.17"
	anyAliasSince = "4.4.30"
	iamRoleSince  = "4.4.34"
)

var (
	zone    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d[a-z]$`)
	groupID = regexp.MustCompile(`^sg-[0-9a-f]+$`)
)

// guideExamples are the values that the guide has for the parameters of AWS.
var guideExamples = []string{"xxxxxxxxxx", "yyyyyyyyyy", "a_group_name", "a_tag_key", "a_tag_value"}

// underAWS is a check of nodes that find each other by EC2.
func underAWS(check func(*Node, *reporter)) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		if n.scheme() == "aws" {
			check(n, r)
		}
	}
}
