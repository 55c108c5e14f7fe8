import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

/** What is compared with: the usual way, one timer for each stream and `res.write` for each token. */
const prefillMs = Number(process.env.PREFILL_OVERHEAD);
const interTokenMs = Number(process.env.INTER_TOKEN_LATENCY);

const app = express();
app.post('/v1/chat/completions', express.json(), (req, res) => {
  let dueAt = performance.now() + prefillMs;
  const head = { id: 'chatcmpl-naive', object: 'chat.completion.chunk', created: 0, model: 'gauntlet-1' };
  const send = (delta: object): void => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: null }];
    res.write(`data: ${JSON.stringify({ ...head, choices })}\n\n`);
  };
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = setTimeout(() => {
      if (sent === 0) {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        send({ role: 'assistant', content: '', refusal: null });
      }
      send({ content: ' token' });
      sent += 1;
      dueAt += interTokenMs;
      if (sent < req.body.max_tokens) next();
      else res.end('data: [DONE]\n\n');
    }, dueAt - performance.now());
  };
  next();
  res.on('close', () => clearTimeout(timer));
});

const server = createServer(app).listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ event: 'listening', port: (server.address() as AddressInfo).port }));
