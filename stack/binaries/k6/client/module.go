// Package client is the k6 module k6/x/gauntlet: requests and streams like those of k6/http, which measure each exchange
// where it happens and hand a record of it to the output "gauntlet".
package client

import (
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"
)

func init() { modules.Register("k6/x/gauntlet", new(rootModule)) }

type rootModule struct{}

// module is the instance of one VU.
type module struct {
	vu      modules.VU
	metrics ownMetrics
}

// ownMetrics are the metrics beside k6's own http_req_*.
type ownMetrics struct {
	// latency counts from the intended start, where http_req_duration counts from the sending.
	latency          *metrics.Metric
	timeToFirstToken *metrics.Metric
	tokenGap         *metrics.Metric
	tokens           *metrics.Metric
}

var (
	_ modules.Module   = &rootModule{}
	_ modules.Instance = &module{}
)

// NewModuleInstance is called once for each VU that imports the module.
func (*rootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	registry := vu.InitEnv().Registry
	metric := func(name string, kind metrics.MetricType, contains metrics.ValueType) *metrics.Metric {
		m, err := registry.NewMetric(name, kind, contains)
		if err != nil {
			common.Throw(vu.Runtime(), err)
		}
		return m
	}
	return &module{vu: vu, metrics: ownMetrics{
		latency:          metric("exchange_latency", metrics.Trend, metrics.Time),
		timeToFirstToken: metric("sse_time_to_first_token", metrics.Trend, metrics.Time),
		tokenGap:         metric("sse_token_gap", metrics.Trend, metrics.Time),
		tokens:           metric("sse_tokens", metrics.Counter, metrics.Default),
	}}
}

// Exports are what a script can import.
func (m *module) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{
		"request": m.request,
		"stream":  m.stream,
		"record":  m.record,
	}}
}
