import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { GenerationRequest } from '../engine/engine.js';
import type { UpstreamSettings } from './upstream-settings.js';

/** Sends a request to the other server; resolves with its response when the headers are here. */
export function postCompletion(
  { url, apiKey, model }: UpstreamSettings,
  request: GenerationRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { messages, maxTokens, temperature, topP, stop = [], seed, choice = 0, cacheHitThreshold } = request;
  const body = JSON.stringify({
    model,
    messages,
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    stop: stop.length === 0 ? undefined : stop,
    // The choices of one request would be the same answer otherwise.
    seed: seed === undefined ? undefined : seed + choice,
    cache_hit_threshold: cacheHitThreshold,
    stream: true,
    stream_options: { include_usage: true },
  });
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = send(`${url}/chat/completions`, {
      method: 'POST',
      // A connection of its own: on one that is used again, a reset would leave open whether the request was executed.
      agent: false,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }),
        ...(request.requestId === '' ? {} : { 'x-request-id': request.requestId }),
      },
      signal,
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}
