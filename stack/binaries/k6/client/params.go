package client

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"gopkg.in/guregu/null.v3"

	"go.k6.io/k6/v2/js/common"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/lib/types"

	"gauntlet/binaries/k6/exchange"
)

// Redirects beyond this number are a loop, whatever a script says.
const mostRedirects = 100

// call is one exchange as a script asked for it.
type call struct {
	request        *httpext.ParsedHTTPRequest
	requestID      string
	intendedAt     exchange.Instant
	affinityCookie string
	idle           time.Duration
	// abortAfter is the number of the event after which the client ends the stream; 0 means never.
	abortAfter int
	plain      bool
}

// reader takes a script's arguments apart and collects what is wrong with them, so that a person learns all at once.
type reader struct {
	rt       *sobek.Runtime
	state    *lib.State
	problems []string
}

func (r *reader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// readCall reads the arguments of request and stream. The names of the parameters that k6/http has mean the same.
func (r *reader) readCall(method string, target, body, params sobek.Value, streaming bool) *call {
	parsed := &httpext.ParsedHTTPRequest{
		Req:              &http.Request{Method: r.method(method), Header: make(http.Header)},
		Timeout:          60 * time.Second,
		Redirects:        r.state.Options.MaxRedirects,
		Cookies:          make(map[string]*httpext.HTTPRequestCookie),
		ActiveJar:        r.state.CookieJar,
		ResponseCallback: func(status int) bool { return status >= 200 && status < 400 },
		TagsAndMeta:      r.state.Tags.GetCurrentValues(),
		Body:             r.body(body),
	}
	if r.state.Options.DiscardResponseBodies.Bool {
		parsed.ResponseType = httpext.ResponseTypeNone
	}
	parsed.Req.Header.Set("User-Agent", r.state.Options.UserAgent.String)
	if u := r.url(target); u != nil {
		parsed.URL = u
		parsed.Req.URL = u.GetURL()
	}
	c := &call{request: parsed}
	if !common.IsNullish(params) {
		object := params.ToObject(r.rt)
		for _, key := range object.Keys() {
			if value := object.Get(key); !common.IsNullish(value) {
				r.param(c, key, value, streaming)
			}
		}
	}
	if c.requestID == "" {
		c.requestID = parsed.Req.Header.Get("X-Request-Id")
	}
	if parsed.Redirects.Int64 > mostRedirects {
		r.problem("redirects must be at most %d, not %d", mostRedirects, parsed.Redirects.Int64)
	}
	if len(r.problems) == 0 && parsed.ActiveJar != nil {
		httpext.SetRequestCookies(parsed.Req, parsed.ActiveJar, parsed.Cookies)
	}
	return c
}

func (r *reader) param(c *call, key string, value sobek.Value, streaming bool) {
	switch key {
	case "headers":
		r.headers(c.request.Req, value)
	case "cookies":
		r.cookies(c.request, value)
	case "jar":
		if jar, ok := value.Export().(*k6http.CookieJar); ok {
			c.request.ActiveJar = jar.Jar
		} else {
			r.problem("jar must be a CookieJar of k6/http, not %s", value)
		}
	case "tags":
		if err := common.ApplyCustomUserTags(r.rt, &c.request.TagsAndMeta, value); err != nil {
			r.problem("tags: %s", err)
		}
	case "timeout":
		c.request.Timeout = r.duration(key, value)
	case "redirects":
		c.request.Redirects = null.IntFrom(int64(r.number(key, value, 0)))
	case "responseType":
		responseType, err := httpext.ResponseTypeString(value.String())
		if err != nil || responseType == httpext.ResponseTypeBinary {
			r.problem(`responseType must be "text" or "none", not %q`, value)
		}
		c.request.ResponseType = responseType
	case "requestId":
		c.requestID = value.String()
		c.request.Req.Header.Set("X-Request-Id", c.requestID)
	case "intendedAt":
		c.intendedAt = exchange.Instant(math.Round(r.number(key, value, 0) * 1000))
	case "affinityCookie":
		c.affinityCookie = value.String()
	case "idleTimeout":
		c.idle = r.duration(key, value)
	default:
		if !streaming || !r.streamParam(c, key, value) {
			r.problem("there is no parameter %q; there are %s", key, strings.Join(paramNames(streaming), ", "))
		}
	}
}

func (r *reader) streamParam(c *call, key string, value sobek.Value) bool {
	switch key {
	case "abortAfterEvents":
		c.abortAfter = int(r.number(key, value, 1))
	case "format":
		switch format := value.String(); format {
		case "openai":
		case "plain":
			c.plain = true
		default:
			r.problem(`format must be "openai" or "plain", not %q`, format)
		}
	default:
		return false
	}
	return true
}

func paramNames(streaming bool) []string {
	names := []string{
		"affinityCookie", "cookies", "headers", "idleTimeout", "intendedAt", "jar", "redirects", "requestId",
		"responseType", "tags", "timeout",
	}
	if streaming {
		names = append(names, "abortAfterEvents", "format")
	}
	return names
}

func (r *reader) method(method string) string {
	if method == "" || strings.ContainsAny(method, " \t\r\n/") {
		r.problem("the method must be one like GET or POST, not %q", method)
	}
	return strings.ToUpper(method)
}

func (r *reader) url(target sobek.Value) *httpext.URL {
	if common.IsNullish(target) {
		r.problem("the URL is missing")
		return nil
	}
	u, err := httpext.ToURL(target.Export())
	if err != nil {
		r.problem("the URL %q is none: %s", target, err)
		return nil
	}
	if parsed := u.GetURL(); !isWebURL(parsed) {
		r.problem("the URL must begin with http:// or https:// and name a host, as %q does not", target)
		return nil
	}
	return &u
}

func isWebURL(u *url.URL) bool { return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" }

func (r *reader) body(body sobek.Value) *bytes.Buffer {
	if common.IsNullish(body) {
		return nil
	}
	switch data := body.Export().(type) {
	case string:
		return bytes.NewBufferString(data)
	case sobek.ArrayBuffer:
		return bytes.NewBuffer(data.Bytes())
	case []byte:
		return bytes.NewBuffer(data)
	default:
		r.problem("the body must be a string or an ArrayBuffer; make one of an object with JSON.stringify")
		return nil
	}
}

func (r *reader) headers(req *http.Request, value sobek.Value) {
	headers := value.ToObject(r.rt)
	for _, key := range headers.Keys() {
		text := headers.Get(key).String()
		if strings.EqualFold(key, "host") {
			req.Host = text
		}
		req.Header.Set(key, text)
	}
}

func (r *reader) cookies(parsed *httpext.ParsedHTTPRequest, value sobek.Value) {
	cookies := value.ToObject(r.rt)
	for _, name := range cookies.Keys() {
		cookie := &httpext.HTTPRequestCookie{Name: name}
		if given, ok := cookies.Get(name).(*sobek.Object); ok {
			cookie.Value = given.Get("value").String()
			replace := given.Get("replace")
			cookie.Replace = replace != nil && replace.ToBoolean()
		} else {
			cookie.Value = cookies.Get(name).String()
		}
		parsed.Cookies[name] = cookie
	}
}

func (r *reader) duration(key string, value sobek.Value) time.Duration {
	duration, err := types.GetDurationValue(value.Export())
	if err != nil || duration <= 0 {
		r.problem(`%s must be a positive number of milliseconds or a text like "30s", not %q`, key, value)
		return 0
	}
	return duration
}

// number reads a finite number that is not below least.
func (r *reader) number(key string, value sobek.Value, least float64) float64 {
	number := value.ToFloat()
	_, isText := value.Export().(string)
	if isText || math.IsNaN(number) || math.IsInf(number, 0) || number < least {
		r.problem("%s must be a number of at least %v, not %q", key, least, value)
		return least
	}
	return number
}
