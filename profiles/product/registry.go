package product

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Registry is what conf/registry.xml says. Nothing in it is trimmed (RegistryConfigurationProcessor).
type Registry struct {
	File                                                 *File
	Root                                                 Place
	CurrentDBConfig, ReadOnly, EnableCache, RegistryRoot Value
	DBConfigs                                            []DBConfig
	RemoteInstances                                      []RemoteInstance
	Mounts                                               []Mount

	dbConfigs map[string]*DBConfig       // by name, of several the last
	instances map[string]*RemoteInstance // by id, of several the first
	mounts    map[string]*Mount          // by path, of several the first
	mountsOf  map[string][]Mount         // by the remote instance
}

// DBConfig is a way to a database: by a datasource or by a URL.
type DBConfig struct {
	Place
	Name, DataSource, URL, UserName, Password Value
}

// RemoteInstance is another registry.
type RemoteInstance struct {
	Place
	URL, ID, DBConfig, Username, Password, ReadOnly, EnableCache, RegistryRoot, CacheID Value
}

// Mount puts a part of a remote instance into the registry.
type Mount struct {
	Place
	Path, Overwrite, InstanceID, TargetPath Value
}

// DBConfig is the one of exactly that name, of several the last; nil where there is none.
func (r *Registry) DBConfig(name string) *DBConfig { return r.dbConfigs[name] }

// Current is the dbConfig of the registry of the node itself, nil where there is none.
func (r *Registry) Current() *DBConfig { return r.DBConfig(r.CurrentDBConfig.Text) }

// Database is the dbConfig by which a remote instance is reached, nil where it is reached otherwise or names none that exists.
func (r *Registry) Database(i *RemoteInstance) *DBConfig {
	if i.Remote() {
		return nil
	}
	return r.DBConfig(i.DBConfig.Text)
}

// MountsOf are the mounts of parts of a remote instance.
func (r *Registry) MountsOf(i *RemoteInstance) []Mount { return r.mountsOf[i.ID.Text] }

// RemoteInstance is the first of exactly that id, nil where there is none.
func (r *Registry) RemoteInstance(id string) *RemoteInstance { return r.instances[id] }

// Mount is the first at that path, nil where there is none.
func (r *Registry) Mount(path string) *Mount { return r.mounts[path] }

// Remote reports whether the instance is reached by its URL, with credentials, and not by a database (RegistryUtils:1675-1680).
func (i *RemoteInstance) Remote() bool { return i.Username.Given && i.Password.Given }

func readRegistry(f *File, root xmlops.Element) *Registry {
	r := &Registry{
		File: f, Root: f.tag(root), CurrentDBConfig: f.child(root, "currentDBConfig"), ReadOnly: f.child(root, "readOnly"),
		EnableCache: f.child(root, "enableCache"), RegistryRoot: f.child(root, "registryRoot"),
	}
	for _, e := range children(root, "dbConfig") {
		r.DBConfigs = append(r.DBConfigs, DBConfig{
			Place: f.tag(e), Name: f.attribute(e, "name"), DataSource: f.child(e, "dataSource"), URL: f.child(e, "url"), UserName: f.child(e, "userName"),
			Password: f.child(e, "password"),
		})
	}
	for _, e := range children(root, "remoteInstance") {
		r.RemoteInstances = append(r.RemoteInstances, RemoteInstance{
			Place: f.tag(e), URL: f.attribute(e, "url"), ID: f.child(e, "id"), DBConfig: f.child(e, "dbConfig"), Username: f.child(e, "username"),
			Password: f.child(e, "password"), ReadOnly: f.child(e, "readOnly"), EnableCache: f.child(e, "enableCache"),
			RegistryRoot: f.child(e, "registryRoot"), CacheID: f.child(e, "cacheId"),
		})
	}
	for _, e := range children(root, "mount") {
		r.Mounts = append(r.Mounts, Mount{
			Place: f.tag(e), Path: f.attribute(e, "path"), Overwrite: f.attribute(e, "overwrite"), InstanceID: f.child(e, "instanceId"),
			TargetPath: f.child(e, "targetPath"),
		})
	}
	r.index()
	return r
}

func (r *Registry) index() {
	r.dbConfigs, r.instances = map[string]*DBConfig{}, map[string]*RemoteInstance{}
	r.mounts, r.mountsOf = map[string]*Mount{}, map[string][]Mount{}
	for _, m := range r.Mounts {
		if m.InstanceID.Given {
			r.mountsOf[m.InstanceID.Text] = append(r.mountsOf[m.InstanceID.Text], m)
		}
	}
	for i := range r.DBConfigs {
		r.dbConfigs[r.DBConfigs[i].Name.Text] = &r.DBConfigs[i]
	}
	for i := range slices.Backward(r.RemoteInstances) {
		r.instances[r.RemoteInstances[i].ID.Text] = &r.RemoteInstances[i]
	}
	for i := range slices.Backward(r.Mounts) {
		r.mounts[r.Mounts[i].Path.Text] = &r.Mounts[i]
	}
}
