package main

import (
	"fmt"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// inspectText lists the settings by file.
func (s *stream) inspectText(home *product.Home, found []profiles.Found) string {
	text := fmt.Sprintf("The configuration is in %s; the server is %s.\n", home.ConfDir, runningText(home))
	var files []string
	rows := map[string][]row{}
	for _, f := range found {
		if rows[f.File] == nil {
			files = append(files, f.File)
		}
		rows[f.File] = append(rows[f.File], settingRows(f)...)
	}
	for _, file := range files {
		text += "\n" + s.paint(bold, inLine(file)) + "\n" + layout(rows[file], s.width)
	}
	return text
}

func runningText(home *product.Home) string {
	if home.PID == 0 {
		return "not running"
	}
	return fmt.Sprintf("running (pid %d)", home.PID)
}

// settingRows are the lines that show a setting: one, but for each item of its own where items are told apart by a key. The line
// number is that of the first.
func settingRows(f profiles.Found) []row {
	var rows []row
	add := func(label, value string) { rows = append(rows, row{sign: " ", label: label, value: value}) }
	switch t := f.Setting.Type; {
	case len(f.Value.Items) == 0:
		add(f.Setting.Name, oneLine(f.Value.Shown()))
	case t.Name == "map":
		for _, item := range f.Value.Items {
			add(f.Setting.Name+"."+inLine(item[profiles.MapKey].Shown()), oneLine(item[profiles.MapValue].Shown()))
		}
	case t.Key != "":
		for _, item := range f.Value.Items {
			add(f.Setting.Name+"["+inLine(item[t.Key].Shown())+"]", strings.Join(fieldTexts(t, item, true), "; "))
		}
	default:
		items := make([]string, len(f.Value.Items))
		for i, item := range f.Value.Items {
			items[i] = strings.Join(fieldTexts(t, item, false), ":")
		}
		add(f.Setting.Name, strings.Join(items, ", "))
	}
	rows[0].line = fmt.Sprintf(":%d", f.Line)
	return rows
}

// fieldTexts are the fields of an item but for its key, with their names or without.
func fieldTexts(t profiles.Type, item map[string]profiles.Value, named bool) []string {
	var texts []string
	for _, field := range t.Fields {
		value, ok := item[field.Name]
		if !ok || field.Name == t.Key {
			continue
		}
		text := oneLine(value.Shown())
		if named {
			text = field.Name + "=" + text
		}
		texts = append(texts, text)
	}
	return texts
}
