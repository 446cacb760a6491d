# @summary Configures the home of a WSO2 Carbon product for its cluster.
#
# The class needs the package carbonpatch and the unpacked home. Both verify and apply run as root; files keep their owners.
#
# @param home
#   The folder of the unpacked product.
# @param cluster
#   What the cluster file holds. Secrets in it are sources, such as file:/etc/carbonpatch/svn-password.
# @param node
#   Which node of the cluster file this one is. Left out, the one with an address of this machine.
# @param service
#   The title of the service to restart when the home has changed.
class carbonpatch (
  Pattern[/\A\//]     $home,
  String[1]           $cluster,
  Optional[String[1]] $node    = undef,
  Optional[String[1]] $service = undef,
) {
  $named = $node ? {
    undef   => [],
    default => ["CARBONPATCH_NODE=${node}"],
  }

  file { '/etc/carbonpatch':
    ensure => directory,
  }

  # Neither the log, nor the reports, nor the file bucket should have what somebody put into it.
  file { '/etc/carbonpatch/cluster.yaml':
    ensure    => file,
    content   => $cluster,
    mode      => '0640',
    show_diff => false,
    backup    => false,
  }

  exec { 'carbonpatch apply':
    command     => '/usr/bin/carbonpatch apply --yes',
    unless      => '/usr/bin/carbonpatch verify',
    environment => ["CARBON_HOME=${home}", 'CARBONPATCH_CLUSTER=/etc/carbonpatch/cluster.yaml'] + $named,
    logoutput   => true,
    require     => File['/etc/carbonpatch/cluster.yaml'],
  }

  if $service {
    Exec['carbonpatch apply'] ~> Service[$service]
  }
}
