package profiles

import (
	"maps"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const (
	sharedDatasourceSetting = "registry.sharedDatasource"
	cacheIDSetting          = "registry.cacheId"
	dbConfigSetting         = "registry.dbConfig"
)

const registryFile = "registry.xml"

// deriveCacheID gives registry.cacheId, where it has no value, the user and URL of the shared datasource. Where those are not
// known, as when secure vault keeps them, it stays without one: beside a dbConfig, Carbon ignores it (CacheBackedRegistry).
func deriveCacheID(sc scope, _ *product.Home) (Values, patch.Problems) {
	shared, ok := sc.written(sharedDatasourceSetting)
	if _, isGiven := sc.values[cacheIDSetting]; !ok || isGiven || sc.profile.Setting(cacheIDSetting) == nil {
		return sc.values, nil
	}
	have, _ := sc.datasources() // what can't be read is a problem of the datasources
	user, url := sc.datasourceField(have, shared.Text.Reveal(), "username"), sc.datasourceField(have, shared.Text.Reveal(), "url")
	values := maps.Clone(sc.values)
	switch {
	case user.Open || url.Open:
		values[cacheIDSetting] = Value{Open: true, Origin: FromDefault}
		return values, nil
	case user.Text.Reveal() == "" || url.Text.Reveal() == "":
		return sc.values, nil
	}
	values[cacheIDSetting] = Value{
		Text: secret.New(user.Text.Reveal() + "@" + url.Text.Reveal()), Origin: FromDefault,
		Secret: user.Secret || url.Secret || patch.MaskURLs(url.Text.Reveal()) != url.Text.Reveal(),
	}
	return values, nil
}

// datasourceField is the value that a field of a datasource will have: that of the description, else that of the home. One that
// secure vault keeps, or that no description could hold, has no text.
func (sc scope) datasourceField(have []product.Datasource, jndi, field string) Value {
	for _, item := range sc.datasourceItems() {
		if v, ok := item[field]; ok && item[jndiField].Text.Reveal() == jndi {
			return v
		}
	}
	i := slices.IndexFunc(have, func(d product.Datasource) bool { return d.JNDI == jndi })
	if i < 0 {
		return Value{}
	}
	v := have[i].Value(elementPath(field))
	text := v.Trim()
	if v.Alias != "" || checkText(text) != "" {
		return Value{}
	}
	return Value{Text: secret.New(text)}
}

// keepLocalRegistry makes sure that the shared registry does not take the place of the node's own: that of the dbConfig which
// currentDBConfig names.
func keepLocalRegistry(sc scope, home *product.Home) ([]patch.File, patch.Problems) {
	shared, ok := sc.written(sharedDatasourceSetting)
	dbConfig := sc.values[dbConfigSetting]
	if !ok || dbConfig.Text.Reveal() == "" {
		return nil, nil
	}
	doc, err := home.Document(home.ConfDir + "/" + registryFile)
	if err != nil {
		return nil, nil // which is a problem of the operations in it
	}
	current := product.FirstText(doc, "/wso2registry/currentDBConfig")
	local := product.FirstText(doc, "/wso2registry/dbConfig[@name='"+current+"']/dataSource")
	if dbConfig.Text.Reveal() != current || local == shared.Text.Reveal() {
		return nil, nil
	}
	at := dbConfig.Place
	if at.Document == nil { // it is the default
		at = shared.Place
	}
	return nil, patch.Problems{at.Problem(
		"the registry of each node needs a dbConfig and a database of its own; give the shared one another name",
		"%s: %s is the dbConfig that currentDBConfig names in %s/%s, so the node's own registry would become the shared one", dbConfigSetting, current, home.ConfDir, registryFile,
	)}
}

// inspectRegistry reads the shared registry of a home along its mount of /_system/config: the instance that it names, the
// dbConfig of that, and its datasource. A home that does not lead all the way has none.
func inspectRegistry(in *inspection, home *product.Home) error {
	path := home.ConfDir + "/" + registryFile
	if !home.Has(path) {
		return nil
	}
	doc, err := home.Document(path)
	if err != nil {
		return nil // it is reported with the operations in it
	}
	const mount = "/wso2registry/mount[@path='/_system/"
	id := product.FirstText(doc, mount+"config']/instanceId")
	instance := "/wso2registry/remoteInstance[id='" + id + "']"
	dbConfig := product.FirstText(doc, instance+"/dbConfig")
	datasource := "/wso2registry/dbConfig[@name='" + dbConfig + "']/dataSource"
	if dbConfig == "" || dbConfig == product.FirstText(doc, "/wso2registry/currentDBConfig") || len(product.Values(doc, datasource)) == 0 {
		return nil
	}
	for _, at := range []struct{ setting, selector string }{
		{sharedDatasourceSetting, datasource},
		{dbConfigSetting, instance + "/dbConfig"},
		{"registry.instanceId", instance + "/id"},
		{"registry.instanceUrl", instance + "/@url"},
		{"registry.readOnly", instance + "/readOnly"},
		{"registry.enableCache", instance + "/enableCache"},
		{"registry.registryRoot", instance + "/registryRoot"},
		{cacheIDSetting, instance + "/cacheId"},
		{"registry.configTarget", mount + "config']/targetPath"},
		{"registry.governanceTarget", mount + "governance'][instanceId='" + id + "']/targetPath"},
	} {
		in.one(path, product.Values(doc, at.selector), at.setting)
	}
	return nil
}
