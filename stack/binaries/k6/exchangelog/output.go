// Package exchangelog is the k6 output "gauntlet": a file with one line of JSON for each exchange.
//
// It loses nothing as long as the file can be written. When the disk is slower than the load, the load waits: k6 hands
// samples over through a bounded queue, and this output takes the next ones only when there is room for them. When the
// file cannot be written any more, the test is stopped, and the last line says how many records are missing.
package exchangelog

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"

	"gauntlet/binaries/k6/exchange"
)

func init() { output.RegisterExtension("gauntlet", newOutput) }

// Version of the file's format.
const version = 1

// Written pieces of the file that may wait for the disk; k6 fills one in 50 ms.
const waitingPieces = 16

// Output writes the records of one test.
type Output struct {
	params output.Params
	file   io.WriteCloser
	stop   func(error)

	pieces  chan piece
	spare   chan []byte
	written chan struct{}

	processors        *processorWatch
	droppedIterations int64
	// What follows belongs to the writing goroutine until it has ended.
	records, dropped int64
	failure          error
}

// piece is a part of the file with whole lines.
type piece struct {
	text    []byte
	records int64
}

var (
	_ output.Output          = &Output{}
	_ output.WithTestRunStop = &Output{}
)

func newOutput(params output.Params) (output.Output, error) {
	if params.ConfigArgument == "" {
		return nil, errors.New("the output gauntlet needs a file: --out gauntlet=exchanges.ndjson")
	}
	return &Output{
		params:  params,
		pieces:  make(chan piece, waitingPieces),
		spare:   make(chan []byte, waitingPieces),
		written: make(chan struct{}),
	}, nil
}

// Description is shown when the test starts.
func (o *Output) Description() string { return fmt.Sprintf("gauntlet (%s)", o.params.ConfigArgument) }

// SetTestRunStopCallback gives the output the means to stop the test.
func (o *Output) SetTestRunStopCallback(stop func(error)) { o.stop = stop }

// Start creates the file and writes its first line.
func (o *Output) Start() error {
	if tags := o.params.ScriptOptions.SystemTags; tags != nil && !tags.Has(metrics.TagStatus) {
		return errors.New("the output gauntlet needs the system tag status: add it to --system-tags")
	}
	file, err := o.params.FS.Create(o.params.ConfigArgument)
	if err != nil {
		return fmt.Errorf("the output gauntlet cannot create its file: %w", err)
	}
	now := time.Now()
	startedAt := strconv.FormatFloat(exchange.At(now, now).Milliseconds(), 'f', 3, 64)
	_, err = fmt.Fprintf(file, "{\"format\":\"gauntlet-exchanges\",\"version\":%d,\"startedAt\":%s}\n", version, startedAt)
	if err != nil {
		_ = file.Close()
		return fmt.Errorf("the output gauntlet cannot write its file: %w", err)
	}
	o.file = file
	o.processors = startProcessorWatch()
	go o.write()
	return nil
}

// AddMetricSamples takes what k6 has measured since the last call, some 50 ms ago. It waits when the disk does not keep
// up, and makes the load wait by that.
func (o *Output) AddMetricSamples(containers []metrics.SampleContainer) {
	var next piece
	for _, container := range containers {
		var record *exchange.Record
		switch measured := container.(type) {
		case *exchange.Container:
			record = measured.Record
		case *httpext.Trail:
			record = recordOf(measured)
		case metrics.Sample:
			if measured.Metric.Name == metrics.DroppedIterationsName {
				o.droppedIterations += int64(measured.Value)
			}
		}
		if record == nil {
			continue
		}
		if next.text == nil {
			next.text = o.buffer()
		}
		next.text = append(record.AppendJSON(next.text), '\n')
		next.records++
	}
	if next.records > 0 {
		o.processors.active.Store(true)
		o.pieces <- next
	}
}

func (o *Output) buffer() []byte {
	select {
	case used := <-o.spare:
		return used[:0]
	default:
		return make([]byte, 0, 256<<10)
	}
}

// write brings the pieces to the disk until there are no more.
func (o *Output) write() {
	defer close(o.written)
	for next := range o.pieces {
		if o.failure == nil {
			if _, err := o.file.Write(next.text); err != nil {
				o.failure = fmt.Errorf("the output gauntlet cannot write its file: %w", err)
				if o.stop != nil {
					o.stop(o.failure)
				}
			}
		}
		if o.failure == nil {
			o.records += next.records
		} else {
			o.dropped += next.records
		}
		select {
		case o.spare <- next.text:
		default:
		}
	}
}

// Stop writes what is left and the last line, by which a reader knows that the file is whole.
func (o *Output) Stop() error {
	close(o.pieces)
	<-o.written
	o.processors.stop()
	end := fmt.Appendf(nil, `{"end":true,"records":%d,"dropped":%d,"droppedIterations":%d`,
		o.records, o.dropped, o.droppedIterations)
	_, err := o.file.Write(append(o.processors.appendTo(end), "}\n"...))
	if o.dropped > 0 {
		o.params.Logger.Errorf("%d exchanges are not in %s", o.dropped, o.params.ConfigArgument)
	}
	return errors.Join(o.failure, err, o.file.Close())
}
