package client

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"gopkg.in/guregu/null.v3"

	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"gauntlet/binaries/k6/exchange"
)

// vu is a VU of k6 with the module, and a server to talk to.
type vu struct {
	t       *testing.T
	runtime *modulestest.Runtime
	server  *httptest.Server
	state   *lib.State
	samples chan metrics.SampleContainer
}

// newVU starts a server with the handler and a VU in which `url` is its address and `module` the module.
func newVU(t *testing.T, handler http.HandlerFunc) *vu {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Start()
	return newVUFor(t, server)
}

func newVUFor(t *testing.T, server *httptest.Server) *vu {
	t.Helper()
	t.Cleanup(server.Close)
	runtime := modulestest.NewRuntime(t)
	instance := new(rootModule).NewModuleInstance(runtime.VU)
	for name, value := range map[string]any{"module": instance.Exports().Named, "url": server.URL} {
		if err := runtime.VU.RuntimeField.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := server.Client().Transport.(*http.Transport)
	// As k6's own: it decompresses bodies itself.
	transport.DisableCompression = true
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	samples := make(chan metrics.SampleContainer, 100)
	tags := runtime.VU.InitEnvField.Registry.RootTagSet().With("scenario", "clients")
	state := &lib.State{
		Options: lib.Options{
			MaxRedirects: null.IntFrom(10), UserAgent: null.StringFrom("gauntlet-test"),
			SystemTags: &metrics.DefaultSystemTagSet,
		},
		BuiltinMetrics: runtime.BuiltinMetrics,
		Logger:         logger, Transport: transport, CookieJar: jar, BufferPool: lib.NewBufferPool(),
		Samples: samples, Tags: lib.NewVUStateTags(tags), VUID: 7, VUIDGlobal: 7,
	}
	runtime.MoveToVUContext(state)
	return &vu{t, runtime, server, state, samples}
}

// run runs a script whose last value may be a promise, and returns what that gives in JavaScript's JSON.
func (v *vu) run(script string) string {
	v.t.Helper()
	result, err := v.try(script)
	if err != nil {
		v.t.Fatalf("the script failed: %v", err)
	}
	return result
}

func (v *vu) try(script string) (string, error) {
	rt := v.runtime.VU.RuntimeField
	if err := rt.Set("result", nil); err != nil {
		return "", err
	}
	_, err := v.runtime.RunOnEventLoop(`(async () => { result = await (` + script + `) })()`)
	if err != nil {
		return "", err
	}
	text, err := rt.RunString(`JSON.stringify(result)`)
	if err != nil {
		return "", err
	}
	return text.String(), nil
}

// containers are what the outputs would have got since the last call.
func (v *vu) containers() []metrics.SampleContainer { return metrics.GetBufferedSamples(v.samples) }

// record is the only record since the last call.
func (v *vu) record() *exchange.Record {
	v.t.Helper()
	containers := v.containers()
	if len(containers) != 1 {
		v.t.Fatalf("%d containers came, want one with a record", len(containers))
	}
	container, ok := containers[0].(*exchange.Container)
	if !ok {
		v.t.Fatalf("a %T came, want a record", containers[0])
	}
	return container.Record
}

// inOrder fails unless the instants follow one another and the last one is within a minute of now.
func inOrder(t *testing.T, instants ...exchange.Instant) {
	t.Helper()
	for i, instant := range instants {
		if i > 0 && instant < instants[i-1] {
			t.Errorf("the instants are not in order: %v", instants)
		}
	}
	now := time.Now()
	if age := exchange.At(now, now) - instants[len(instants)-1]; age < 0 || age > 60_000_000 {
		t.Errorf("the last instant is %d µs old", age)
	}
}

// flush writes a piece of a response and sends it at once.
func flush(w http.ResponseWriter, text string) {
	_, _ = io.WriteString(w, text)
	w.(http.Flusher).Flush()
}

func chunk(delta string) string { return `data: {"choices":[{"delta":` + delta + `}]}` + "\n\n" }
