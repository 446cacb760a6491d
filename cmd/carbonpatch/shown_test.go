package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/patch/txn"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// The secrets that come from a file, from the environment, stand in the cluster file, for another node, and in the home.
const (
	fromFile = `Canary&File<1>"it's"`
	fromEnv  = "canary-of-the-environment"
	literal  = "canary-in-the-file"
	others   = "canary-of-another"
	before   = "canary-of-before"
	inURL    = "canary-in-a-url"
)

// TestNothingShowsASecret prints and encodes all that a run works with, in all ways, and looks for the secrets in it.
func TestNothingShowsASecret(t *testing.T) {
	t.Setenv("CANARY", fromEnv)
	redactor := patch.NewRedactor()
	var decimals []string
	for _, canary := range []string{fromFile, fromEnv, literal, others, before, inURL} {
		redactor.Add(secret.New(canary))
		decimals = append(decimals, strings.Trim(fmt.Sprint([]byte(canary)), "[]"))
	}
	shown := 0
	for name, root := range everything(t) {
		walk(name, reflect.ValueOf(root), map[any]bool{}, func(path string, v any) {
			shown++
			text := rendered(v)
			if redactor.Redact(text) != text {
				t.Errorf("%s (%T) shows a secret:\n%.3000s", path, v, redactor.Redact(text))
			}
			for _, bytes := range decimals {
				if strings.Contains(text, bytes) {
					t.Errorf("%s (%T) shows the bytes of a secret:\n%.3000s", path, v, text)
				}
			}
		})
	}
	if shown < 500 {
		t.Errorf("only %d values were looked at", shown)
	}
}

// everything is what a run with secrets works with and may print, by name.
func everything(t *testing.T) map[string]any {
	t.Helper()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	replaceIn(t, filepath.Join(dir, "home/conf/carbon.xml"), "change-me", before)
	if err := os.WriteFile(filepath.Join(dir, "svn-password"), []byte(fromFile), 0o600); err != nil {
		t.Fatal(err)
	}
	description := filepath.Join(dir, "cluster.yaml")
	replaceIn(t, description, "settings:", "settings:\n  groupPassword: "+literal+"\n  parameters: {myPassword: env:CANARY, endpoint: 'https://u:"+inURL+"@h/'}")
	replaceIn(t, description, "localMemberPort: 4300", "localMemberPort: 4300, groupPassword: "+others)
	text, err := os.ReadFile(description)
	if err != nil {
		t.Fatal(err)
	}
	home, err := product.Detect(filepath.Join(dir, "home"))
	if err != nil {
		t.Fatal(err)
	}
	con := newConsole([]string{"plan", "--set", "groupPassword=" + others}, nil, nil, nil)
	all := map[string]any{"con": con, "out": con.out, "home": home}
	request := cluster.Request{
		Files: []cluster.Source{{Name: description, Data: text}}, Node: "manager", Set: []string{"mcastTTL=5"}, Home: home, Hide: con.hide,
	}
	wrong := request
	wrong.Set = []string{"groupPassword=" + others}
	_, all["refused"] = cluster.Resolve(wrong)
	node, err := cluster.Resolve(request)
	if err != nil {
		t.Fatal(err)
	}
	con.hide(node.Secrets...)
	want, err := node.Profile.Patch(node.Role, node.Values, home)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := patch.Make(home.Dir, want)
	if err != nil {
		t.Fatal(err)
	}
	tgt := &target{home: home, node: node, want: want}
	found, err := node.Profile.Inspect(home)
	if err != nil {
		t.Fatal(err)
	}
	all["request"], all["files"], all["document"] = wrong, request.Files, node.Values["groupPassword"].Place.Document
	all["node"], all["patch"], all["plan"], all["found"] = node, want, plan, found
	all["target"], all["report"], all["saved"], all["verify"] = tgt, tgt.report(plan, &lintedPlan{}), plan.Saved(nil), plan.Verify(nil)
	all["inspect"], all["diff"] = inspectReport(home, found), string(plan.Diff(patch.Masked))
	result, err := tgt.lint(plan.After())
	if err != nil || len(result.findings) == 0 {
		t.Fatalf("lint: %v", err)
	}
	all["lint"], all["lint SARIF"], all["lint text"] = lintReport(result), sarifReport(result, con.out.secrets), con.out.findingsText(result)
	all["lint file"] = result.nodes[0].Files[0]
	all["meta"] = txn.Meta{Verb: "apply", Secrets: node.Secrets}
	all["redactor"] = con.out.secrets
	all["JSON"] = patch.JSONOp{Op: jsonops.Op{Pointer: "/a", Value: fromEnv}}
	all["script"] = patch.ScriptOp{Op: script.Op{Option: "-Da=", Value: fromEnv}}
	all["value error"] = &profiles.ValueError{Name: "groupPassword", Text: secret.New(literal), Secret: true, Wrong: "is wrong"}
	for _, f := range want.Files {
		all["operations of "+f.Paths[0]] = f
	}
	for _, f := range plan.Files { // that a file is sealed says nothing of its changes
		all[f.Path], all["changes of "+f.Path] = f, f.Changes
	}
	return all
}

func replaceIn(t *testing.T, file, old, text string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("there is no %s in %s", old, file)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(data, []byte(old), []byte(text)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// walk visits v and all that exported fields lead to, but for what is sealed in v, and for profiles, which know no values of a node.
func walk(path string, v reflect.Value, seen map[any]bool, visit func(path string, v any)) {
	if !v.IsValid() || !v.CanInterface() || v.Type() == reflect.TypeFor[*profiles.Profile]() {
		return
	}
	if v.Kind() == reflect.Pointer || v.Kind() == reflect.Map {
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
	}
	visit(path, v.Interface())
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		walk(path, v.Elem(), seen, visit)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i), seen, visit)
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			walk(path+"["+fmt.Sprint(key)+"]", value, seen, visit)
		}
	case reflect.Struct:
		if _, sealed := v.Type().FieldByName("Sealed"); sealed {
			return
		}
		for i := range v.NumField() {
			walk(path+"."+v.Type().Field(i).Name, v.Field(i), seen, visit)
		}
	}
}

// rendered is v in all the ways that there are to print, log and marshal it.
func rendered(v any) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%v\n%+v\n%#v\n%s\n%q\n%x\n%d\n", v, v, v, v, v, v, v)
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		func() {
			defer func() { _ = recover() }() // a function can't be marshalled, for one
			text, _ := marshal(v)
			out.Write(text)
		}()
	}
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "msg"}), zapcore.AddSync(&out), zapcore.DebugLevel)
	zap.New(core).Info("x", zap.Any("any", v), zap.Reflect("reflect", v))
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	return out.String()
}
