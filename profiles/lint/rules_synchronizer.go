package lint

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// synchronizerRules are about the deployment synchronizer of carbon.xml.
func synchronizerRules() []*Rule {
	return []*Rule{
		{
			ID: "depsync-repository-type", Severity: Error, Scope: InFile,
			Message: `"{type}" is no type of repository that products have`,
			Then:    `The synchronizer does not start ("No Repository found for type", with what stands here).`,
			Fix:     "Set RepositoryType to svn or git, in lower case.",
			Source:  "CarbonRepositoryUtils.java:127-187",
			Wrong:   `<RepositoryType>SVN</RepositoryType>`,
			Right:   `<RepositoryType>svn</RepositoryType>`,
			onNode: func(n *Node, r *reporter) {
				v := n.synchronizer("RepositoryType")
				switch {
				case !n.synchronized():
				case !v.Given:
					r.say(n, v.Place, "RepositoryType is missing, and the type is registry then, which no product has").then(noRepository, "registry")
				case v.Literal() && !slices.Contains(repositoryTypes, v.Trim()):
					r.at(n, v.Place, v).then(noRepository, v).meant(v.Trim(), repositoryTypes)
				}
			},
		},
		{
			ID: "depsync-svn-url", Severity: Error, Scope: InFile,
			Message: `SvnUrl "{url}" is no URL of Subversion`,
			Then:    "The synchronizer does not start: Provided SVN URL is malformed.",
			Fix:     "Write a URL with the scheme http, https, svn, svn+ssh or file, without blanks around it.",
			Source:  "SVNBasedArtifactRepository.java:88-176; guide 003, lines 80 and 117",
			Wrong:   `<SvnUrl>xxxxxxxxxxxxxxxxx</SvnUrl>`,
			Right:   `<SvnUrl>https://svn.example.com/repos/apps/</SvnUrl>`,
			onNode: func(n *Node, r *reporter) {
				v := n.synchronizer("SvnUrl")
				switch {
				case !n.subversion():
				case !v.Given:
					r.say(n, v.Place, "SvnUrl is missing").then("The synchronizer does not start: SVN URL must be specified for the SVN based deployment synchronizer.").
						fix("Write the URL of the repository that all nodes share.")
				case v.Literal() && !isSVN(v.Text):
					scheme, _, _ := strings.Cut(v.Trim(), ":")
					r.at(n, v.Place, v).meant(scheme, svnSchemes)
				}
			},
		},
		{
			ID: "depsync-svn-url-placeholder", Severity: Warning, Scope: InFile,
			Message: `{element} "{value}" comes from the documentation`,
			Then:    "It is none of your repositories, so nothing is synchronized.",
			Fix:     "Write the URL of your repository.",
			Source:  "carbon.xml as it is shipped; guide 001, lines 46 and 64, guide 003, lines 80 and 117, guide 004, lines 224 and 314",
			Wrong:   `<SvnUrl>https://svn.wso2.org/repos/esb</SvnUrl>`,
			Right:   `<SvnUrl>https://svn.example.com/repos/apps/</SvnUrl>`,
			onNode: func(n *Node, r *reporter) {
				if !n.subversion() {
					return
				}
				if v := n.synchronizer("SvnUrl"); isPlaceholder(v.Trim()) {
					r.at(n, v.Place, "SvnUrl", v)
				}
				if v := n.synchronizer("SvnUser"); slices.Contains(documentedUsers, v.Trim()) || crossedOut(v.Text) {
					r.at(n, v.Place, "SvnUser", v).then("Unless your repository has a user of that name, nothing is synchronized.").
						fix("Write the user that may read your repository, and write to it where AutoCommit is on.")
				}
			},
		},
		{
			ID: "depsync-boolean-value", Severity: Error, Scope: InFile,
			Message: `{element} "{value}" is read as false`,
			Then:    "What it should switch on stays off, without a word: yes and 1 are true as well, but not of SvnUrlAppendTenantId.",
			Fix:     "Write true or false.",
			Source:  "CarbonRepositoryUtils.java:127-187, JavaUtils.isTrueExplicitly; for SvnUrlAppendTenantId SVNBasedArtifactRepository.java:88-176, Boolean.valueOf",
			Wrong:   `<Enabled>on</Enabled>`,
			Right:   `<Enabled>true</Enabled>`,
			onNode: func(n *Node, r *reporter) {
				if n.Carbon == nil {
					return
				}
				check := func(name string, isTrue func(product.Value) bool) {
					if v := n.synchronizer(name); v.Literal() && !isTrue(v) && !saysFalse(v) {
						r.at(n, v.Place, name, v).meant(v.Trim(), booleans)
					}
				}
				checkBlank := func(name string) {
					if n.Carbon.Blank(synchronizerPath + name) {
						r.say(n, n.synchronizer(name).Place, "{element} is empty, which is read as false", name)
					}
				}
				check("Enabled", saysTrue)
				checkBlank("Enabled")
				if n.synchronized() {
					check("AutoCommit", saysTrue)
					checkBlank("AutoCommit")
					check("AutoCheckout", saysTrue) // that it is empty depsync-no-checkout tells
				}
				if n.subversion() {
					check("SvnUrlAppendTenantId", func(v product.Value) bool { return v.Is("true") }) // by Boolean.valueOf
				}
			},
		},
		{
			ID: "depsync-without-clustering", Severity: Warning, Scope: InNode,
			Message: "the deployment synchronizer is on, but clustering is off",
			Then:    "A node that commits can't tell the others: they notice changes only by their periodic update.",
			Fix:     "Enable clustering in axis2.xml, or switch the synchronizer off.",
			Source:  "DeploymentSynchronizerServiceImpl.java:312-343",
			Wrong:   `<Enabled>true</Enabled>`,
			Right:   `enable="true"`,
			onNode: func(n *Node, r *reporter) {
				if n.Axis2 == nil || n.clustered() || !n.synchronized() {
					return
				}
				f := r.at(n, n.synchronizer("Enabled").Place)
				if n.Axis2.Clustering != nil {
					f.with(n, n.Axis2.Clustering.Enable.Place)
				}
			},
		},
		{
			ID: "depsync-no-checkout", Severity: Warning, Scope: InFile,
			Message: "the deployment synchronizer is on without AutoCheckout",
			Then:    "The node never receives what others deploy.",
			Fix:     "Set AutoCheckout to true.",
			Source:  "DeploymentSynchronizerServiceImpl.java:64-130",
			Wrong:   `<AutoCheckout>false</AutoCheckout>`,
			Right:   `<AutoCheckout>true</AutoCheckout>`,
			onNode: func(n *Node, r *reporter) {
				v := n.synchronizer("AutoCheckout")
				if !n.synchronized() || v.Given && !saysFalse(v) {
					return
				}
				if f := r.at(n, v.Place); n.worker() {
					f.as(Error).say("the deployment synchronizer of a worker is on without AutoCheckout").then("The worker never receives what is deployed on the manager.")
				}
			},
		},
		{
			ID: "depsync-worker-autocommit", Severity: Error, Scope: InNode,
			Message: "AutoCommit is on in a worker, which must not commit",
			Then:    "Each checkout first clears away what it takes for deleted, and local changes are reverted all the same; the manager is the one that commits.",
			Fix:     "Set AutoCommit to false on workers.",
			Source:  "SVNBasedArtifactRepository.java:446-459, CarbonDeploymentSchedulerTask.java:141-147; guide 001, line 64, guide 004, line 311",
			Wrong:   `<AutoCommit>true</AutoCommit>`,
			Right:   `<AutoCommit>false</AutoCommit>`,
			onNode: func(n *Node, r *reporter) {
				if n.synchronized() && n.worker() && n.autoCommits() {
					r.at(n, n.synchronizer("AutoCommit").Place)
				}
			},
		},
		{
			ID: "depsync-feature-absent", Severity: Warning, Scope: InNode,
			Message: "{product} {version} does not ship the deployment synchronizer",
			Then:    "The settings are probably ignored, without a word: nothing is synchronized.",
			Fix:     "Install the feature, or keep the artifacts of the nodes equal by a shared file system or by rsync.",
			Source:  "the poms of ES 1.3, 2.0 and 2.1, which do not list the feature; guide 003, lines 80 and 117",
			Wrong:   `<Enabled>true</Enabled>`,
			Right:   `<Enabled>false</Enabled>`,
			onNode: func(n *Node, r *reporter) {
				if n.is("ES") && n.Version != "" && product.CompareVersions(n.Version, "2.1") <= 0 && n.synchronized() && !n.HasJar(synchronizerJars.MatchString) {
					r.at(n, n.synchronizer("Enabled").Place, n.ServerKey, n.Version)
				}
			},
		},
		{
			ID: "depsync-svn-client-missing", Severity: Warning, Scope: InNode,
			Message: "there is no client for Subversion in {plugins}, {dropins} and {lib}",
			Then:    "The synchronizer does not start: No Repository found for type svn. That the client is missing is logged at debug only.",
			Fix:     "Put the jars of svnkit and svnClientBundle into the product, or switch the synchronizer off.",
			Source:  "SVNDeploymentSynchronizerComponent.java, CarbonRepositoryUtils.java:127-187",
			Wrong:   `<Enabled>true</Enabled>`,
			Right:   `<Enabled>false</Enabled>`,
			onNode: func(n *Node, r *reporter) {
				if n.subversion() && n.HasFolder(n.Plugins()) && !n.HasJar(svnJars.MatchString) {
					r.at(n, n.synchronizer("RepositoryType").Place, n.Plugins(), n.Dropins(), n.Lib())
				}
			},
		},
	}
}

// synchronizerPath begins the paths of the deployment synchronizer in carbon.xml.
const synchronizerPath = "DeploymentSynchronizer."

var (
	synchronizerSwitches = []string{"Enabled", "AutoCommit", "AutoCheckout", "UseEventing", "SvnUrlAppendTenantId"}
	repositoryTypes      = []string{"svn", "git"}
	svnSchemes           = []string{"http", "https", "svn", "svn+ssh", "file"}
	documentedURL        = regexp.MustCompile(`(?i)svnrepo\.example\.com|svn\.wso2\.org/repos/(as|esb)\b`)
	documentedUsers      = []string{"username", "svnuser"}
	svnJars              = regexp.MustCompile(`(?i)^(svnkit|svn-?client|trilead)`)
	synchronizerJars     = regexp.MustCompile(`^org\.wso2\.carbon\.deployment\.synchronizer`)
)

// noRepository is what comes of a type of repository.
const noRepository = `The synchronizer does not start: "No Repository found for type {type}".`

// isPlaceholder reports whether a URL is one of the documentation, or has its host crossed out as there.
func isPlaceholder(address string) bool {
	u, err := url.Parse(address)
	return documentedURL.MatchString(address) || crossedOut(address) || err == nil && crossedOut(u.Hostname())
}

// synchronizer is a value of the deployment synchronizer.
func (n *Node) synchronizer(name string) product.Value { return n.carbon(synchronizerPath + name) }

// synchronized reports whether the deployment synchronizer is on.
func (n *Node) synchronized() bool { return explicitlyTrue(n.synchronizer("Enabled")) }

// saysTrue reports whether a value that should be true or false is meant to be the former.
func saysTrue(v product.Value) bool { return explicitlyTrue(v.Trimmed()) }

// autoCommits reports whether AutoCommit is on.
func (n *Node) autoCommits() bool { return explicitlyTrue(n.synchronizer("AutoCommit")) }

// saysFalse reports whether a value that should be true or false is the latter on purpose.
func saysFalse(v product.Value) bool {
	return slices.Contains([]string{"false", "no", "0"}, strings.ToLower(v.Trim()))
}

// subversion reports whether the deployment synchronizer is on with a repository of Subversion.
func (n *Node) subversion() bool {
	return n.synchronized() && n.synchronizer("RepositoryType").Trim() == "svn"
}

// isSVN reports whether a URL is one that org.tigris.subversion.svnclientadapter.SVNUrl takes, which trims nothing.
func isSVN(text string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.Contains(svnSchemes, u.Scheme) && (u.Host != "" || u.Scheme == "file" && u.Path != "") && !strings.ContainsAny(text, " \t\r\n")
}
