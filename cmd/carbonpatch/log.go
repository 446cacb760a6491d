package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/carbonpatch/carbonpatch/patch"
)

// newLog logs to w: nothing without -v, what was read, found, decided and written with one, and each change with more. No value of a setting is
// logged. docs/output.md lists the messages; programs know them by their names.
func newLog(w io.Writer, verbosity int, format string) *zap.Logger {
	if verbosity <= 0 {
		return zap.NewNop()
	}
	level := zapcore.InfoLevel
	if verbosity > 1 {
		level = zapcore.DebugLevel
	}
	config := zapcore.EncoderConfig{
		LevelKey: "level", MessageKey: "msg", TimeKey: "ts",
		EncodeLevel: zapcore.LowercaseLevelEncoder, EncodeTime: zapcore.RFC3339NanoTimeEncoder,
	}
	encoder := zapcore.NewJSONEncoder(config)
	if format == "console" {
		config.TimeKey = zapcore.OmitKey // people look at the timings
		encoder = zapcore.NewConsoleEncoder(config)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level))
}

// since is how long something took, in milliseconds.
func since(start time.Time) zap.Field {
	return zap.Float64("ms", float64(time.Since(start).Microseconds())/1000)
}

// logPlan tells what was compared with what is wanted, or with what was there before a run, and what would change.
func (con *console) logPlan(plan *patch.Plan, start time.Time) {
	changed := 0
	for _, file := range plan.Files {
		con.log.Info("file compared", zap.String("file", file.Path), zap.Int("bytes", len(file.Before)), zap.Bool("changed", file.Changed()),
			zap.Int("changes", len(file.Changes)), zap.Int("right", file.Right))
		for _, c := range file.Changes {
			con.log.Debug("change", zap.String("file", file.Path), zap.Int("line", c.Line), zap.String("op", c.Op()), zap.String("at", c.At), zap.String("setting", c.Setting))
		}
		if file.Changed() {
			changed++
		}
	}
	con.log.Info("planned", zap.Int("files", changed), zap.Int("changes", countChanges(plan)), zap.Int("right", plan.Right()), since(start))
}

// logWritten tells which files were written.
func (con *console) logWritten(plan *patch.Plan) {
	for _, file := range plan.Files {
		if file.Changed() {
			con.log.Info("file written", zap.String("file", file.Path), zap.Int("bytes", len(file.After)))
		}
	}
}

// logLinted counts what the rules found.
func (con *console) logLinted(l *linted, start time.Time) {
	con.log.Info("linted", zap.Int("nodes", len(l.nodes)), zap.Int("findings", len(l.findings)), zap.Int("silenced", len(l.silenced)), since(start))
}

// logFinished tells how the run ended.
func (con *console) logFinished(code int) {
	level := zapcore.InfoLevel
	if code != exitDone && code != exitLook {
		level = zapcore.ErrorLevel
	}
	con.log.Log(level, "finished", zap.Int("exit", code), since(con.began))
}
