package exchangelog

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"go.k6.io/k6/v2/lib/fsext"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"

	"gauntlet/binaries/k6/exchange"
)

func quiet() logrus.FieldLogger {
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	return logger
}

func started(t *testing.T) (*Output, fsext.Fs) {
	t.Helper()
	fs := fsext.NewMemMapFs()
	made, err := newOutput(output.Params{ConfigArgument: "/out.ndjson", FS: fs, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(); err != nil {
		t.Fatal(err)
	}
	return made.(*Output), fs
}

// linesOf ends the output and reads its file.
func linesOf(t *testing.T, o *Output, fs fsext.Fs) []map[string]any {
	t.Helper()
	if err := o.Stop(); err != nil {
		t.Fatal(err)
	}
	text, err := fsext.ReadFile(fs, "/out.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for scanner := bufio.NewScanner(strings.NewReader(string(text))); scanner.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%v in %s", err, scanner.Text())
		}
		lines = append(lines, line)
	}
	return lines
}

func numbered(n int) *exchange.Container {
	return &exchange.Container{Record: &exchange.Record{RequestID: fmt.Sprint(n), Protocol: exchange.HTTP}}
}

func trail(tags map[string]string, metadata map[string]string) *httpext.Trail {
	set := metrics.NewRegistry().RootTagSet().WithTagsFromMap(tags)
	return &httpext.Trail{
		EndTime: time.Now(), Duration: 30 * time.Millisecond, Blocked: 5 * time.Millisecond,
		Receiving: 10 * time.Millisecond, ConnRemoteAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8443},
		Tags: set, Metadata: metadata,
	}
}

func TestTheFileHasAFirstAndALastLine(t *testing.T) {
	o, fs := started(t)
	registry := metrics.NewRegistry()
	dropped := metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: registry.MustNewMetric(metrics.DroppedIterationsName, metrics.Counter)}, Value: 3,
	}
	o.AddMetricSamples([]metrics.SampleContainer{numbered(1), dropped, metrics.Samples{}})
	o.AddMetricSamples(nil)
	o.AddMetricSamples([]metrics.SampleContainer{numbered(2)})
	lines := linesOf(t, o, fs)
	if len(lines) != 4 {
		t.Fatalf("got %v", lines)
	}
	first, last := lines[0], lines[3]
	if first["format"] != "gauntlet-exchanges" || first["version"] != 1.0 || first["startedAt"].(float64) < 1.7e12 {
		t.Errorf("the first line is %v", first)
	}
	if last["end"] != true || last["records"] != 2.0 || last["dropped"] != 0.0 || last["droppedIterations"] != 3.0 {
		t.Errorf("the last line is %v", last)
	}
	if lines[1]["requestId"] != "1" || lines[2]["requestId"] != "2" {
		t.Errorf("the records are %v", lines[1:3])
	}
}

func TestRequestsOfK6AreRecorded(t *testing.T) {
	o, fs := started(t)
	o.AddMetricSamples([]metrics.SampleContainer{
		trail(map[string]string{"status": "200", "scenario": "default"},
			map[string]string{"request_id": "meta", "vu": "12", "intended_at": "1764039845123.5"}),
		trail(map[string]string{"status": "503", "request_id": "tag"}, nil),
		trail(map[string]string{"status": "0", "error_code": "1212", "error": "dial: connection refused"}, nil),
		trail(map[string]string{"status": "0"}, nil),
		trail(map[string]string{"status": "200", "request_id": ""}, nil),
	})
	lines := linesOf(t, o, fs)
	if len(lines) != 6 {
		t.Fatalf("%d lines, want 4 records: one with an empty id is not meant to be recorded", len(lines))
	}
	meta, tag, refused, failed := lines[1], lines[2], lines[3], lines[4]
	if meta["requestId"] != "meta" || meta["client"] != 12.0 || meta["scenario"] != "default" || meta["status"] != 200.0 ||
		meta["done"] != true || meta["intendedAt"] != 1764039845123.5 || meta["remote"] != "127.0.0.1:8443" {
		t.Errorf("got %v", meta)
	}
	since := func(key string) float64 { return meta[key].(float64) - meta["sentAt"].(float64) }
	if got := since("endedAt"); got < 34.9 || got > 35.1 {
		t.Errorf("it ended %v ms after it was sent, want 35", got)
	}
	if got := since("firstByteAt"); got < 24.9 || got > 25.1 {
		t.Errorf("the first byte came %v ms after it was sent, want 25", got)
	}
	if tag["requestId"] != "tag" || tag["status"] != 503.0 || tag["errorCode"] != 1503.0 || tag["intendedAt"] != tag["sentAt"] {
		t.Errorf("got %v", tag)
	}
	if refused["errorCode"] != 1212.0 || refused["error"] != "dial: connection refused" || refused["done"] != false {
		t.Errorf("got %v", refused)
	}
	if failed["errorCode"] != 1000.0 {
		t.Errorf("got %v", failed)
	}
}

func TestWhatItNeedsIsSaidAtTheStart(t *testing.T) {
	if _, err := newOutput(output.Params{}); err == nil || !strings.Contains(err.Error(), "--out gauntlet=exchanges.ndjson") {
		t.Errorf("without a file: %v", err)
	}
	params := output.Params{ConfigArgument: "/out.ndjson", FS: fsext.NewReadOnlyFs(fsext.NewMemMapFs()), Logger: quiet()}
	made, _ := newOutput(params)
	if err := made.Start(); err == nil || !strings.Contains(err.Error(), "cannot create its file") {
		t.Errorf("with a file that cannot be created: %v", err)
	}
	params.ScriptOptions.SystemTags = metrics.NewSystemTagSet(metrics.TagMethod)
	made, _ = newOutput(params)
	if err := made.Start(); err == nil || !strings.Contains(err.Error(), "system tag status") {
		t.Errorf("without the status: %v", err)
	}
}

// gatedFile lets writes through one by one.
type gatedFile struct {
	gate  chan error
	lines int
}

func (f *gatedFile) Write(text []byte) (int, error) {
	if err := <-f.gate; err != nil {
		return 0, err
	}
	f.lines += strings.Count(string(text), "\n")
	return len(text), nil
}

func (f *gatedFile) Close() error { return nil }

func writingTo(file io.WriteCloser) *Output {
	made, _ := newOutput(output.Params{ConfigArgument: "file", Logger: quiet()})
	o := made.(*Output)
	o.file = file
	o.processors = startProcessorWatch()
	go o.write()
	return o
}

func TestASlowDiskMakesTheLoadWaitAndLosesNothing(t *testing.T) {
	file := &gatedFile{gate: make(chan error)}
	o := writingTo(file)
	const batches = 5 * waitingPieces
	taken := make(chan int, batches)
	go func() {
		for n := range batches {
			o.AddMetricSamples([]metrics.SampleContainer{numbered(n)})
			taken <- n
		}
		close(taken)
	}()
	// One is being written, as many as fit are waiting, and the next one is not taken.
	for range waitingPieces + 1 {
		<-taken
	}
	select {
	case n := <-taken:
		t.Errorf("batch %d was taken although the disk does not write", n)
	case <-time.After(100 * time.Millisecond):
	}
	close(file.gate)
	for range taken {
	}
	if err := o.Stop(); err != nil {
		t.Fatal(err)
	}
	if want := batches + 1; file.lines != want {
		t.Errorf("%d lines were written, want %d", file.lines, want)
	}
}

func TestAFullDiskStopsTheTestAndIsCounted(t *testing.T) {
	file := &gatedFile{gate: make(chan error, 10)}
	o := writingTo(file)
	stopped := make(chan error, 1)
	o.SetTestRunStopCallback(func(err error) { stopped <- err })
	full := errors.New("no space left on device")
	file.gate <- nil
	file.gate <- full
	o.AddMetricSamples([]metrics.SampleContainer{numbered(1)})
	o.AddMetricSamples([]metrics.SampleContainer{numbered(2), numbered(3)})
	if err := <-stopped; !errors.Is(err, full) {
		t.Errorf("the test was stopped for %v", err)
	}
	o.AddMetricSamples([]metrics.SampleContainer{numbered(4)})
	file.gate <- full
	if err := o.Stop(); !errors.Is(err, full) {
		t.Errorf("stopping says %v", err)
	}
	if o.records != 1 || o.dropped != 3 {
		t.Errorf("%d records and %d dropped, want 1 and 3", o.records, o.dropped)
	}
}
