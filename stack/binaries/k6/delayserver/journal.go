package delayserver

import (
	"bufio"
	"io"
	"strconv"
	"sync"
)

// entry is one answer as it really went: epoch milliseconds, stamped directly before each write.
type entry struct {
	requestID  string
	protocol   string
	timing     Timing
	receivedAt float64
	sentAt     []float64
	completed  bool
}

// journal writes one line of JSON for each answer that has ended.
type journal struct {
	mutex sync.Mutex
	out   *bufio.Writer
}

func newJournal(out io.Writer) *journal {
	return &journal{out: bufio.NewWriterSize(out, 1<<16)}
}

func (j *journal) add(e entry) error {
	line := append(make([]byte, 0, 256), `{"requestId":`...)
	line = strconv.AppendQuote(line, e.requestID)
	line = append(line, `,"protocol":"`...)
	line = append(line, e.protocol...)
	line = append(line, `","ttftMs":`...)
	line = appendMs(line, float64(e.timing.TTFT.Nanoseconds())/1e6)
	line = append(line, `,"gapMs":`...)
	line = appendMs(line, float64(e.timing.Gap.Nanoseconds())/1e6)
	line = append(line, `,"receivedAt":`...)
	line = appendMs(line, e.receivedAt)
	line = append(line, `,"sentAt":[`...)
	for i, at := range e.sentAt {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendMs(line, at)
	}
	line = append(line, `],"completed":`...)
	line = strconv.AppendBool(line, e.completed)
	line = append(line, "}\n"...)
	j.mutex.Lock()
	defer j.mutex.Unlock()
	_, err := j.out.Write(line)
	return err
}

func (j *journal) flush() error {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.out.Flush()
}

func appendMs(line []byte, ms float64) []byte {
	return strconv.AppendFloat(line, ms, 'f', 3, 64)
}
