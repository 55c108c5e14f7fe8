package exchangelog

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gauntlet/binaries/k6/exchange"
)

const manual = "../../../../docs/k6-extension.md"

// The manual's section about the file, up to the next one.
func fileSection(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n## The file\n")
	section, _, _ := strings.Cut(after, "\n## ")
	if !found || section == "" {
		t.Fatalf("%s has no section about the file", manual)
	}
	return section
}

func keysOf(t *testing.T, object []byte) []string {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(object, &fields); err != nil {
		t.Fatalf("%v: %s", err, object)
	}
	return sortedKeys(fields)
}

func sortedKeys(fields map[string]any) []string {
	keys := make([]string, 0, len(fields))
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func TestTheManualHasExactlyTheFieldsOfARecord(t *testing.T) {
	record := exchange.Record{Protocol: exchange.SSE, CookieSet: &exchange.Cookie{}, Gaps: []time.Duration{1}}
	written := keysOf(t, record.AppendJSON(nil))
	documented := map[string]any{}
	for line := range strings.Lines(fileSection(t)) {
		columns := strings.Split(line, "|")
		// The table of fields has three columns, that of error codes two.
		if len(columns) != 5 {
			continue
		}
		for _, name := range regexp.MustCompile("`([a-zA-Z]+)`").FindAllStringSubmatch(columns[1], -1) {
			documented[name[1]] = nil
		}
	}
	if names := sortedKeys(documented); !slices.Equal(names, written) {
		t.Errorf("documented %v\n   written %v", names, written)
	}
}

func TestTheManualShowsTheFirstAndTheLastLineAsTheyAreWritten(t *testing.T) {
	o, fs := started(t)
	o.processors.own, o.processors.machine = 0.5, 0.75
	lines := linesOf(t, o, fs)
	shown := regexp.MustCompile(`(?m)^\{"(?:format|end)".*\}$`).FindAllString(fileSection(t), -1)
	if len(lines) != 2 || len(shown) != 2 {
		t.Fatalf("%d lines are written and %d are shown", len(lines), len(shown))
	}
	for i, line := range lines {
		if got, want := keysOf(t, []byte(shown[i])), sortedKeys(line); !slices.Equal(got, want) {
			t.Errorf("shown %v, written %v", got, want)
		}
	}
}
