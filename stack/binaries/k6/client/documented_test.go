package client

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"gauntlet/binaries/k6/exchange"
)

// The manual names the fields of a result by those of a record: which it lacks, and which it has besides.
func TestTheManualHasExactlyTheFieldsOfAResult(t *testing.T) {
	manual, err := os.ReadFile("../../../../docs/k6-extension.md")
	if err != nil {
		t.Fatal(err)
	}
	sentence := regexp.MustCompile(`It has the fields of the \[record\]\(#the-file\) (but .+?), and (.+?) \(`).FindSubmatch(manual)
	if sentence == nil {
		t.Fatal("the manual no longer says what a result has")
	}
	named := func(text []byte) (names []string) {
		for _, name := range regexp.MustCompile("`([a-zA-Z]+)`").FindAllSubmatch(text, -1) {
			names = append(names, string(name[1]))
		}
		return names
	}
	record := exchange.Record{Protocol: exchange.SSE, CookieSet: &exchange.Cookie{}}
	var ofRecord map[string]any
	if err := json.Unmarshal(record.AppendJSON(nil), &ofRecord); err != nil {
		t.Fatal(err)
	}
	for _, name := range named(sentence[1]) {
		if _, ok := ofRecord[name]; !ok {
			t.Errorf("a record has no %s that a result could lack", name)
		}
		delete(ofRecord, name)
	}
	documented := named(sentence[2])
	for name := range ofRecord {
		documented = append(documented, name)
	}
	var has []string
	for i := range reflect.TypeFor[Result]().NumField() {
		has = append(has, reflect.TypeFor[Result]().Field(i).Tag.Get("js"))
	}
	slices.Sort(documented)
	slices.Sort(has)
	if !slices.Equal(documented, has) {
		t.Errorf("documented %v\n       has %v", documented, has)
	}
}
