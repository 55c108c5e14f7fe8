import exec from 'k6/execution';
import http from 'k6/http';
import { request } from 'k6/x/gauntlet';

/** Of this VU; looking it up costs as much as a request. */
let metadata;

// The loads of the benchmark `generator`, run by k6: CLIENT says which one.
const clients = {
  sync() {
    metadata ??= exec.vu.metrics.metadata;
    metadata.request_id = `${__VU}.${__ITER}`;
    http.get(__ENV.TARGET);
  },
  async async() {
    metadata ??= exec.vu.metrics.metadata;
    metadata.request_id = `${__VU}.${__ITER}`;
    await http.asyncRequest('GET', __ENV.TARGET);
  },
  async module() {
    await request('GET', __ENV.TARGET, null, { requestId: `${__VU}.${__ITER}` });
  },
};

export default clients[__ENV.CLIENT];

export function handleSummary({ metrics }) {
  const { count, rate } = metrics.http_reqs.values;
  return {
    stdout: JSON.stringify({ requests: count, perSecond: rate, failed: metrics.http_req_failed.values.passes }),
  };
}
