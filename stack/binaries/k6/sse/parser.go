// Package sse reads streams of server-sent events as they arrive.
package sse

import (
	"bytes"
	"time"
)

// Event is one event of a stream.
type Event struct {
	// At is when the bytes that completed the event had been read.
	At time.Time
	// Name is the event's type, "message" unless the stream says otherwise.
	Name string
	// Data holds the data lines, joined by line feeds. It is valid only until the parser is fed again.
	Data []byte
}

// Parser takes a stream apart into events as the HTML standard prescribes: comments and unknown fields are skipped, an
// event ends with an empty line, and one that the end of the stream cuts off does not count. The zero value is ready.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
type Parser struct {
	line    []byte
	name    string
	data    []byte
	hasData bool
	begun   bool
	afterCR bool
}

// Feed parses the next bytes of the stream, which were read at the given time, and calls emit for each event that they
// complete.
func (p *Parser) Feed(chunk []byte, at time.Time, emit func(Event)) {
	if p.afterCR && len(chunk) > 0 {
		p.afterCR = false
		if chunk[0] == '\n' {
			chunk = chunk[1:]
		}
	}
	for len(chunk) > 0 {
		end := bytes.IndexAny(chunk, "\r\n")
		if end < 0 {
			p.line = append(p.line, chunk...)
			return
		}
		line := chunk[:end]
		if len(p.line) > 0 {
			p.line = append(p.line, line...)
			line = p.line
		}
		p.takeLine(line, at, emit)
		p.line = p.line[:0]
		if chunk[end] == '\r' {
			switch {
			case end+1 == len(chunk):
				p.afterCR = true
			case chunk[end+1] == '\n':
				end++
			}
		}
		chunk = chunk[end+1:]
	}
}

func (p *Parser) takeLine(line []byte, at time.Time, emit func(Event)) {
	if !p.begun {
		p.begun = true
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if len(line) == 0 {
		p.endEvent(at, emit)
		return
	}
	field, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(field) {
	case "data":
		if p.hasData {
			p.data = append(p.data, '\n')
		}
		p.data = append(p.data, value...)
		p.hasData = true
	case "event":
		p.name = string(value)
	}
}

func (p *Parser) endEvent(at time.Time, emit func(Event)) {
	if p.hasData {
		name := p.name
		if name == "" {
			name = "message"
		}
		emit(Event{At: at, Name: name, Data: p.data})
	}
	p.name = ""
	p.data = p.data[:0]
	p.hasData = false
}
