package exchange

import "go.k6.io/k6/v2/metrics"

// Container carries a record through k6 to its outputs, together with the metric samples of the same exchange. Outputs
// that know nothing of records see the samples only.
type Container struct {
	Record  *Record
	Samples []metrics.Sample
}

var _ metrics.SampleContainer = &Container{}

// GetSamples returns the metric samples.
func (c *Container) GetSamples() []metrics.Sample { return c.Samples }
