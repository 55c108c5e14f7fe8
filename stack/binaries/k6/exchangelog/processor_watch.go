package exchangelog

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// A shorter time would call every burst of work a busy machine.
const watchEvery = time.Second

// processorWatch finds the busiest second of a load: a generator without a free processor stamps late what it measures.
type processorWatch struct {
	// active is set when an exchange was recorded, and cleared with each look: seconds without a load do not count.
	active atomic.Bool
	done   chan struct{}
	ended  chan struct{}

	// Shares of all processors, from 0 to 1, that this process and the whole machine kept busy; below 0 when not known.
	own, machine float64
}

func startProcessorWatch() *processorWatch {
	w := &processorWatch{done: make(chan struct{}), ended: make(chan struct{}), own: -1, machine: -1}
	go w.watch()
	return w
}

// stop ends the watch; the shares may be read after it.
func (w *processorWatch) stop() {
	close(w.done)
	<-w.ended
}

func (w *processorWatch) watch() {
	defer close(w.ended)
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	before := look()
	for {
		select {
		case <-w.done:
			return
		case <-ticker.C:
			now := look()
			w.take(before, now)
			before = now
		}
	}
}

// take looks at the time between two looks, if there was load in it.
func (w *processorWatch) take(before, now times) {
	if w.active.Swap(false) {
		w.own = max(w.own, now.ownShare(before))
		w.machine = max(w.machine, now.machineShare(before))
	}
}

// times are what the system counted at one look.
type times struct {
	at time.Time
	// own is the processor time of this process; busy and all are the machine's, in ticks, 0 where the system does not tell.
	own       time.Duration
	busy, all int64
}

func look() times {
	now := times{at: time.Now()}
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) == nil {
		now.own = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	if stat, err := os.ReadFile("/proc/stat"); err == nil {
		now.busy, now.all = machineTicks(stat)
	}
	return now
}

func (t times) ownShare(before times) float64 {
	return float64(t.own-before.own) / (float64(t.at.Sub(before.at)) * float64(runtime.NumCPU()))
}

func (t times) machineShare(before times) float64 {
	if t.all <= before.all {
		return -1
	}
	return float64(t.busy-before.busy) / float64(t.all-before.all)
}

// machineTicks reads the line of /proc/stat for all processors: user, nice, system, idle, iowait, irq, softirq, steal and
// two that are part of user and nice.
func machineTicks(stat []byte) (busy, all int64) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := strings.Fields(string(line))
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, 0
	}
	for i, field := range fields[1:9] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, 0
		}
		all += ticks
		if i != 3 && i != 4 {
			busy += ticks
		}
	}
	return busy, all
}

// appendTo appends what is known, as fields of a JSON object after others.
func (w *processorWatch) appendTo(line []byte) []byte {
	for _, share := range []struct {
		name  string
		value float64
	}{{"busiestCpu", w.own}, {"busiestMachine", w.machine}} {
		if share.value >= 0 {
			line = strconv.AppendFloat(append(append(append(line, `,"`...), share.name...), `":`...), share.value, 'f', 3, 64)
		}
	}
	return line
}
