package exchange

import (
	"encoding/json"
	"strconv"
	"time"
)

// AppendJSON appends the record as one JSON object. It is written by hand because it runs once for each request of a
// load test: encoding/json takes three times as long.
func (r *Record) AppendJSON(to []byte) []byte {
	to = appendText(append(to, `{"requestId":`...), r.RequestID)
	to = appendText(append(to, `,"protocol":`...), r.Protocol)
	to = appendText(append(to, `,"scenario":`...), r.Scenario)
	to = strconv.AppendUint(append(to, `,"client":`...), r.Client, 10)
	to = appendThousandths(append(to, `,"intendedAt":`...), int64(r.IntendedAt))
	to = appendThousandths(append(to, `,"sentAt":`...), int64(r.SentAt))
	to = appendThousandths(append(to, `,"firstByteAt":`...), int64(r.FirstByteAt))
	to = appendThousandths(append(to, `,"firstTokenAt":`...), int64(r.FirstTokenAt))
	to = appendThousandths(append(to, `,"endedAt":`...), int64(r.EndedAt))
	to = strconv.AppendInt(append(to, `,"status":`...), int64(r.Status), 10)
	to = strconv.AppendInt(append(to, `,"errorCode":`...), int64(r.ErrorCode), 10)
	to = appendText(append(to, `,"error":`...), r.Error)
	to = strconv.AppendInt(append(to, `,"bytes":`...), r.Bytes, 10)
	to = appendText(append(to, `,"instance":`...), r.Instance)
	to = appendText(append(to, `,"retryAfter":`...), r.RetryAfter)
	to = appendText(append(to, `,"cookieSent":`...), r.CookieSent)
	if c := r.CookieSet; c != nil {
		to = appendText(append(to, `,"cookieSet":{"value":`...), c.Value)
		to = strconv.AppendBool(append(to, `,"secure":`...), c.Secure)
		to = strconv.AppendBool(append(to, `,"httpOnly":`...), c.HTTPOnly)
		to = append(to, '}')
	}
	to = strconv.AppendInt(append(to, `,"tokens":`...), r.Tokens, 10)
	to = appendText(append(to, `,"finishReason":`...), r.FinishReason)
	to = strconv.AppendBool(append(to, `,"done":`...), r.Done)
	if r.Protocol != HTTP {
		to = appendGaps(append(to, `,"gapsMs":`...), r.Gaps)
	}
	to = appendText(append(to, `,"remote":`...), r.Remote)
	return append(to, '}')
}

func appendGaps(to []byte, gaps []time.Duration) []byte {
	to = append(to, '[')
	for i, gap := range gaps {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendThousandths(to, gap.Microseconds())
	}
	return append(to, ']')
}

// appendThousandths appends a count of thousandths as a decimal number: microseconds as milliseconds.
func appendThousandths(to []byte, n int64) []byte {
	if n < 0 {
		to = append(to, '-')
		n = -n
	}
	to = strconv.AppendInt(to, n/1000, 10)
	if rest := n % 1000; rest != 0 {
		to = append(to, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	}
	return to
}

func appendText(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			// A string always has a JSON form.
			quoted, _ := json.Marshal(text)
			return append(to, quoted...)
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}
