/** A completion in flight for as long as the test wants. */
export interface HeldCompletion {
  readonly answer: Promise<Response>;
  /** Sends the rest of the request, which lets the service answer it. */
  release(): Promise<void>;
}

/** Posts a completion to `url` (`http://host:port`) but keeps back the second half of its body. */
export function holdCompletion(url: string): HeldCompletion {
  const { readable, writable } = new TextEncoderStream();
  const writer = writable.getWriter();
  const answer = fetch(`${url}/v1/chat/completions`, { method: 'POST', body: readable, duplex: 'half' });
  const firstHalf = writer.write('{"model":"gauntlet-1",');
  return {
    answer,
    async release() {
      await firstHalf;
      await writer.write('"messages":[{"role":"user","content":"Why is it slow?"}]}');
      await writer.close();
    },
  };
}
