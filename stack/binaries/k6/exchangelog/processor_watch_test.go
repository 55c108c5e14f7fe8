package exchangelog

import (
	"encoding/json"
	"runtime"
	"testing"
	"time"
)

func TestMachineTicks(t *testing.T) {
	for text, want := range map[string][2]int64{
		"cpu  10 1 5 80 4 2 3 5 7 7\ncpu0 5 0 2 40 2 1 1 2 0 0\n": {26, 110},
		"cpu  10 1 5 80 4 2 3 5":                                  {26, 110},
		"cpu  10 1 5 x 4 2 3 5 7":                                 {0, 0},
		"cpu  1 2":                                                {0, 0},
		"":                                                        {0, 0},
	} {
		if busy, all := machineTicks([]byte(text)); busy != want[0] || all != want[1] {
			t.Errorf("%q: %d of %d, want %v", text, busy, all, want)
		}
	}
}

func TestSharesAreOfTheTimeBetweenTwoLooks(t *testing.T) {
	start := time.Now()
	before := times{at: start, busy: 100, all: 1_000}
	now := times{at: start.Add(time.Second), busy: 175, all: 1_100}
	if share := now.machineShare(before); share != 0.75 {
		t.Errorf("the machine's share is %v", share)
	}
	if share := before.machineShare(before); share >= 0 {
		t.Errorf("without a tick in between the share is %v, want unknown", share)
	}
	now.own = time.Second
	if share := now.ownShare(before); share <= 0 || share > 1 {
		t.Errorf("the own share is %v", share)
	}
}

func TestTheBusiestSecondIsOneWithLoad(t *testing.T) {
	w := &processorWatch{own: -1, machine: -1}
	// What the machine was busy with from second to second, and whether there was load.
	busy := []struct {
		ticks int64
		load  bool
	}{{90, false}, {40, true}, {95, false}, {60, true}, {50, true}, {99, false}}
	before := times{at: time.Now(), all: 1_000}
	for _, second := range busy {
		now := before
		now.at, now.busy, now.all = before.at.Add(time.Second), before.busy+second.ticks, before.all+100
		w.active.Store(second.load)
		w.take(before, now)
		before = now
	}
	if w.machine != 0.6 {
		t.Errorf("the busiest second is %v, want 0.6", w.machine)
	}
}

func TestTheOwnShareIsOfAllProcessors(t *testing.T) {
	start := time.Now()
	now := times{at: start.Add(time.Second), own: time.Duration(runtime.NumCPU()) * time.Second}
	if share := now.ownShare(times{at: start}); share != 1 {
		t.Errorf("with every processor busy the share is %v", share)
	}
}

func TestWatchTellsOnlyWhatIsKnown(t *testing.T) {
	w := startProcessorWatch()
	w.stop()
	if line := w.appendTo([]byte(`{"a":1`)); string(line) != `{"a":1` {
		t.Errorf("before its first second it tells %s", line)
	}
	w.own, w.machine = 0.51234, 0
	var fields map[string]float64
	if err := json.Unmarshal(append(w.appendTo([]byte(`{"a":1`)), '}'), &fields); err != nil {
		t.Fatal(err)
	}
	if fields["busiestCpu"] != 0.512 || fields["busiestMachine"] != 0 || len(fields) != 3 {
		t.Errorf("it tells %v", fields)
	}
}
