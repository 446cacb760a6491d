package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

const canary = "hunter22"

// holder holds a Text in all the ways that fmt and the encoders tell apart.
type holder struct {
	Exported secret.Text
	Pointer  *secret.Text
	List     []secret.Text
	Map      map[secret.Text]secret.Text
	Any      any
	hidden   secret.Text
	list     []secret.Text
	nested   struct{ Text secret.Text }
}

func newHolder() holder {
	t := secret.New(canary)
	h := holder{Exported: t, Pointer: &t, List: []secret.Text{t}, Map: map[secret.Text]secret.Text{t: t}, Any: t, hidden: t, list: []secret.Text{t}}
	h.nested.Text = t
	return h
}

type sealed struct {
	secret.Sealed
	Text  string
	Bytes []byte
}

// everyVerb prints v with every verb and flag that fmt knows, and some that it doesn't.
func everyVerb(v any) string {
	var b strings.Builder
	for verb := 'A'; verb <= 'z'; verb++ {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "30.2", "#+"} {
			fmt.Fprintf(&b, "%"+flags+string(verb)+"\n", v)
		}
	}
	for _, wrong := range []string{"too many", "%[3]d", "%*d", "%!", "%w", "%v %v"} {
		fmt.Fprintf(&b, wrong, v)
	}
	fmt.Fprintln(&b, v)
	return b.String()
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	var out bytes.Buffer
	text, err := json.Marshal(v)
	if err != nil {
		t.Error(err)
	}
	out.Write(text)
	if text, err = yaml.Marshal(v); err != nil {
		t.Error(err)
	}
	out.Write(text)
	if text, err := xml.Marshal(v); err == nil { // it can't take maps
		out.Write(text)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("x", "v", v)
	}
	config := zap.NewProductionEncoderConfig()
	for _, encoder := range []zapcore.Encoder{zapcore.NewJSONEncoder(config), zapcore.NewConsoleEncoder(config)} {
		log := zap.New(zapcore.NewCore(encoder, zapcore.AddSync(&out), zapcore.DebugLevel))
		log.Info("x", zap.Any("any", v), zap.Reflect("reflect", v), zap.Any("list", []any{v}))
		log.Sugar().Infow("x", "v", v)
		log.Sugar().Infof("%v", v)
	}
	return out.String()
}

func TestNothingShowsTheValue(t *testing.T) {
	t.Parallel()
	text, seal := secret.New(canary), sealed{Text: canary, Bytes: []byte(canary)}
	for name, v := range map[string]any{
		"Text": text, "pointer": &text, "holder": newHolder(), "pointer to holder": &holder{Exported: text, hidden: text},
		"Sealed": seal, "pointer to Sealed": &seal, "list of Sealed": []sealed{seal}, "map of Sealed": map[string]*sealed{"a": &seal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed := encoded(t, v)
			if !strings.Contains(name, "Sealed") { // %p does not ask for methods
				printed += everyVerb(v)
			} else {
				printed += fmt.Sprintf("%v %+v %#v %s %q %x %d", v, v, v, v, v, v, v)
			}
			for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprint([]byte(canary)), "aHVudGVyMjI"} {
				if strings.Contains(printed, form) {
					t.Errorf("%s is in\n%s", form, printed)
				}
			}
		})
	}
}

func TestTextPrintsTheMask(t *testing.T) {
	t.Parallel()
	for _, text := range []secret.Text{secret.New(canary), {}} {
		got := fmt.Sprintf("%v|%+v|%#v|%s|%q|%x|%d|%s", text, text, text, text, text, text, text, text.String())
		if want := strings.Repeat("********|", 7) + "********"; got != want {
			t.Errorf("got %s", got)
		}
		var out bytes.Buffer
		slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})).Info("x", "secret", text)
		if got, want := out.String(), "level=INFO msg=x secret=********\n"; got != want {
			t.Errorf("slog: got %s", got)
		}
		if got, err := json.Marshal(map[string]any{"a": text}); err != nil || string(got) != `{"a":"********"}` {
			t.Errorf("JSON: got %s, %v", got, err)
		}
		if got, err := yaml.Marshal(map[string]any{"a": text}); err != nil || string(got) != "a: '********'\n" {
			t.Errorf("YAML: got %s, %v", got, err)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	if got := secret.New(canary).Reveal(); got != canary {
		t.Errorf("got %q", got)
	}
	if got := (secret.Text{}).Reveal(); got != "" {
		t.Errorf("the zero Text holds %q", got)
	}
	if secret.New(canary) != secret.New("hunter"+canary[6:]) || !secret.New("").Equal(secret.Text{}) {
		t.Error("the same values are not equal")
	}
	if secret.New(canary).Equal(secret.New("other")) {
		t.Error("other values are equal")
	}
}
