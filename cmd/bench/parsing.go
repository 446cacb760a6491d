package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// parsing compares readers over all XML files of the home, in memory.
func (b *bench) parsing() error {
	files, size, err := readXML(b.home)
	if err != nil {
		return err
	}
	fmt.Printf("\nReading %d XML files, %d KB, in memory\n\n", len(files), size>>10)
	readers := []struct {
		name string
		read func([]byte) error
	}{
		{"xmlops, scan", xmlops.Check},
		{"xmlops, scan and tree", func(src []byte) error { _, err := xmlops.Parse(src); return err }},
		{"encoding/xml, RawToken", rawTokens},
		{"etree, ReadFromBytes", func(src []byte) error { return etree.NewDocument().ReadFromBytes(src) }},
	}
	speeds := make([]float64, len(readers))
	for range b.runs { // in turns, so that noise of the machine meets all alike
		for i, r := range readers {
			start := time.Now()
			for _, src := range files {
				if err := r.read(src); err != nil {
					return fmt.Errorf("%s: %w", r.name, err)
				}
			}
			speeds[i] = max(speeds[i], float64(size)/1e6/time.Since(start).Seconds())
		}
	}
	for i, r := range readers {
		fmt.Printf("%-44s %8.0f MB/s   %5.1f × etree\n", r.name, speeds[i], speeds[i]/speeds[len(speeds)-1])
	}
	return nil
}

// readXML reads the files that all readers take: encoding/xml knows no ISO-8859-1, so its declaration is taken off.
func readXML(dir string) (files [][]byte, size int, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".xml") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		src = bytes.Replace(src, []byte(`encoding="ISO-8859-1"`), []byte(`encoding="UTF-8"`), 1)
		if xmlops.Check(src) == nil && rawTokens(src) == nil {
			files, size = append(files, src), size+len(src)
		}
		return nil
	})
	return files, size, err
}

func rawTokens(src []byte) error {
	d := xml.NewDecoder(bytes.NewReader(src))
	for {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
