package main

import (
	"io"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// newLog logs to w: nothing without -v, what was read, found and decided with one, details with more.
func newLog(w io.Writer, verbosity int, format string) *zap.Logger {
	if verbosity <= 0 {
		return zap.NewNop()
	}
	level := zapcore.InfoLevel
	if verbosity > 1 {
		level = zapcore.DebugLevel
	}
	config := zapcore.EncoderConfig{
		LevelKey: "level", MessageKey: "msg", TimeKey: "time",
		EncodeLevel: zapcore.LowercaseLevelEncoder, EncodeTime: zapcore.RFC3339NanoTimeEncoder, EncodeDuration: zapcore.StringDurationEncoder,
	}
	encoder := zapcore.NewJSONEncoder(config)
	if format == "console" {
		config.TimeKey = zapcore.OmitKey // people look at the timings
		encoder = zapcore.NewConsoleEncoder(config)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level))
}
