/** Version of the service, sent with every response as `X-LLM-Version`. */
export const version = '1.3.0';
