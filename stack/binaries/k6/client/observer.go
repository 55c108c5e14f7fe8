package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"

	"gauntlet/binaries/k6/exchange"
)

var errIdle = errors.New("idle")

// observer stands between k6's HTTP client and its transport for the time of one call and notes what passes: when the
// request left, what the response was although its body may break off later, and each piece of the body when it was
// read. k6 does all the rest, as for k6/http.
type observer struct {
	transport http.RoundTripper
	// onBody is told of each piece of a response's body; it returns false to end the exchange. Nil for plain requests.
	onBody func(piece []byte, at time.Time) bool
	// idle ends the exchange when nothing arrives for that time; 0 means never.
	idle           time.Duration
	affinityCookie string

	sentAt     time.Time
	headersAt  time.Time
	status     int
	header     http.Header
	bytes      int64
	whole      bool
	aborted    bool
	idled      bool
	cookieSent string
	cookieSet  *exchange.Cookie
}

// RoundTrip is called once for each request of the exchange: redirects make several. The last one counts.
func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	if o.sentAt.IsZero() {
		o.sentAt = time.Now()
	}
	if o.affinityCookie != "" {
		if cookie, err := req.Cookie(o.affinityCookie); err == nil {
			o.cookieSent = cookie.Value
		}
	}
	o.status, o.header, o.cookieSet, o.bytes, o.whole = 0, nil, nil, 0, false
	if o.idle == 0 && o.onBody == nil {
		resp, err := o.transport.RoundTrip(req)
		return o.observe(resp, func(error) {}, nil), err
	}

	ctx, cancel := context.WithCancelCause(req.Context())
	watchdog := o.watch(cancel)
	resp, err := o.transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		defer cancel(nil)
		if watchdog != nil {
			watchdog.Stop()
		}
		return nil, o.explain(ctx, err)
	}
	return o.observe(resp, cancel, watchdog), nil
}

// watch starts the watchdog of a request.
func (o *observer) watch(cancel context.CancelCauseFunc) *time.Timer {
	if o.idle == 0 {
		return nil
	}
	return time.AfterFunc(o.idle, func() { cancel(errIdle) })
}

// explain puts the watchdog's reason in place of the "context canceled" that it causes.
func (o *observer) explain(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errIdle) {
		o.idled = true
		return httpext.NewK6Error(exchange.CodeIdle, fmt.Sprintf("idle: nothing arrived for %v", o.idle), err)
	}
	return err
}

func (o *observer) observe(resp *http.Response, cancel context.CancelCauseFunc, watchdog *time.Timer) *http.Response {
	if resp == nil {
		return nil
	}
	o.headersAt = time.Now()
	o.status, o.header = resp.StatusCode, resp.Header
	if o.affinityCookie != "" {
		for _, c := range resp.Cookies() {
			if c.Name == o.affinityCookie {
				o.cookieSet = &exchange.Cookie{Value: c.Value, Secure: c.Secure, HTTPOnly: c.HttpOnly}
				break
			}
		}
	}
	if resp.Body == http.NoBody {
		o.whole = true
		cancel(nil)
		if watchdog != nil {
			watchdog.Stop()
		}
		return resp
	}
	resp.Body = &observedBody{ReadCloser: resp.Body, observer: o, ctx: resp.Request.Context(), cancel: cancel, watchdog: watchdog}
	return resp
}

// observedBody notes each piece of a response's body.
type observedBody struct {
	io.ReadCloser
	observer *observer
	ctx      context.Context
	cancel   context.CancelCauseFunc
	watchdog *time.Timer
}

// Read returns as soon as anything has arrived, so the time after it is the time of arrival.
func (b *observedBody) Read(into []byte) (int, error) {
	o := b.observer
	if o.aborted {
		return 0, io.EOF
	}
	n, err := b.ReadCloser.Read(into)
	at := time.Now()
	if b.watchdog != nil {
		b.watchdog.Reset(o.idle)
	}
	o.bytes += int64(n)
	if n > 0 && o.onBody != nil && !o.onBody(into[:n], at) {
		// For k6 the body ends here. It closes the body then, and that ends the connection.
		o.aborted = true
		return n, io.EOF
	}
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		o.whole = true
	default:
		err = o.explain(b.ctx, err)
	}
	return n, err
}

// Close ends the watchdog, too.
func (b *observedBody) Close() error {
	if b.watchdog != nil {
		b.watchdog.Stop()
	}
	defer b.cancel(nil)
	return b.ReadCloser.Close()
}
