package sse

import (
	"reflect"
	"testing"
	"time"
)

type said struct {
	name, data string
	at         time.Duration
}

var epoch = time.Unix(1_764_039_845, 0)

// parse feeds chunks that arrive one millisecond after the other.
func parse(chunks ...string) []said {
	var parser Parser
	var events []said
	for i, chunk := range chunks {
		at := epoch.Add(time.Duration(i) * time.Millisecond)
		parser.Feed([]byte(chunk), at, func(e Event) {
			events = append(events, said{e.Name, string(e.Data), e.At.Sub(epoch)})
		})
	}
	return events
}

func TestParser(t *testing.T) {
	for name, test := range map[string]struct {
		chunks []string
		want   []said
	}{
		"one event":                        {[]string{"data: hello\n\n"}, []said{{"message", "hello", 0}}},
		"without the space":                {[]string{"data:hello\n\n"}, []said{{"message", "hello", 0}}},
		"two in one read":                  {[]string{"data: a\n\ndata: b\n\n"}, []said{{"message", "a", 0}, {"message", "b", 0}}},
		"data lines are joined":            {[]string{"data: a\ndata: b\n\n"}, []said{{"message", "a\nb", 0}}},
		"an empty data line counts":        {[]string{"data\n\n"}, []said{{"message", "", 0}}},
		"the event's name":                 {[]string{"event: ping\ndata: a\n\ndata: b\n\n"}, []said{{"ping", "a", 0}, {"message", "b", 0}}},
		"comments and others are skipped":  {[]string{": keep-alive\n\nid: 7\nretry: 10\nother\n\ndata: a\n\n"}, []said{{"message", "a", 0}}},
		"carriage returns":                 {[]string{"data: a\r\n\r\ndata: b\r\r"}, []said{{"message", "a", 0}, {"message", "b", 0}}},
		"a byte order mark":                {[]string{"\ufeffdata: a\n\n"}, []said{{"message", "a", 0}}},
		"an event that is cut off is none": {[]string{"data: a\n\ndata: b\n"}, []said{{"message", "a", 0}}},
		"an event arrives with its last byte": {
			[]string{"da", "ta: he", "llo\n", "\n"}, []said{{"message", "hello", 3 * time.Millisecond}},
		},
		"CR and LF in two reads": {
			[]string{"data: a\r", "\n\r", "\ndata: b\n\n"},
			[]said{{"message", "a", time.Millisecond}, {"message", "b", 2 * time.Millisecond}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(test.chunks...); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestParserDoesNotDependOnHowTheStreamIsCut(t *testing.T) {
	stream := "\ufeff: hi\r\nevent: a\r\ndata: one\rdata: two\n\n\r\ndata:  three \n\ndata: [DONE]\n\n"
	whole := parse(stream)
	if len(whole) != 3 {
		t.Fatalf("got %v", whole)
	}
	for cut := 1; cut < len(stream); cut++ {
		parts := parse(stream[:cut], stream[cut:])
		for i := range parts {
			parts[i].at = 0
		}
		if !reflect.DeepEqual(parts, whole) {
			t.Errorf("cut at %d: got %v, want %v", cut, parts, whole)
		}
	}
}

func FuzzParser(f *testing.F) {
	f.Add([]byte("data: a\n\ndata: b\r\r"), 3)
	f.Fuzz(func(t *testing.T, stream []byte, cut int) {
		if cut < 0 || cut > len(stream) {
			return
		}
		whole, parts := parse(string(stream)), parse(string(stream[:cut]), string(stream[cut:]))
		for i := range parts {
			parts[i].at = 0
		}
		if !reflect.DeepEqual(whole, parts) {
			t.Errorf("cut at %d: got %v, want %v", cut, parts, whole)
		}
	})
}
