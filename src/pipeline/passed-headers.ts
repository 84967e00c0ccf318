import type { ProtocolId } from '../kernel/conversation.ts';
import type { UpstreamResponse } from '../upstream/upstream-response.ts';
import type { HeaderMap } from './client-call.ts';

const ALWAYS = ['retry-after', 'retry-after-ms', 'x-should-retry'] as const;
const RELAYED = ['content-type', 'openai-processing-ms', 'openai-version', 'openai-model'] as const;

/** The upstream's headers that mean something to this client; never cookies, CORS, lengths, encodings or hop-by-hop headers. */
export function passedHeaders(upstream: UpstreamResponse, from: ProtocolId, to: ProtocolId): HeaderMap {
  const passed: Record<string, string> = {};
  const pass = (name: string): void => {
    const value = upstream.header(name);
    if (value !== undefined) passed[name] = value;
  };
  ALWAYS.forEach(pass);
  if (from === to) RELAYED.forEach(pass);
  const limits = limitPrefix(from, to);
  if (limits !== undefined)
    Object.keys(upstream.headers)
      .filter((name) => name.startsWith(limits))
      .forEach(pass);
  const id = upstream.header('request-id') ?? upstream.header('x-request-id');
  return id === undefined ? passed : { ...passed, 'x-upstream-request-id': id };
}

/** Rate limits are told in a vendor's own words, so they go to clients of that vendor's formats only. */
function limitPrefix(from: ProtocolId, to: ProtocolId): string | undefined {
  if (from === to && from === 'anthropic-messages') return 'anthropic-ratelimit-';
  return from.startsWith('openai') && to.startsWith('openai') ? 'x-ratelimit-' : undefined;
}
