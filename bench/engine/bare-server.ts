import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is compared with: Node's own server, which answers at once what the service answers after its delays. */
const event = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
const end = `data: ${JSON.stringify({ choices: [], metrics: { queue_time_ms: 0 } })}\n\ndata: [DONE]\n\n`;
const answer = event({ content: 'token' }) + end;

const server = createServer((req, res) => {
  req.resume().on('end', () => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write(answer);
    res.end();
  });
}).listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ event: 'listening', port: (server.address() as AddressInfo).port }));
