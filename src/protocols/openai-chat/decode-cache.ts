import type { CacheMark } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { optionalObject } from '../../kernel/read-fields.ts';

/**
 * The cache mark on a part, message or tool: OpenAI's own, or Anthropic's, which many clients of this dialect write.
 *
 * @throws GatewayError `invalid-request` naming the mark.
 */
export function cacheOf(holder: JsonObject, at: string): { readonly cache?: CacheMark } {
  const breakpoint = optionalObject(holder, 'prompt_cache_breakpoint', at);
  if (breakpoint !== undefined) return { cache: { ttl: breakpoint['ttl'] === '12h' ? '12h' : '30m' } };
  const control = optionalObject(holder, 'cache_control', at);
  return control === undefined ? {} : { cache: { ttl: control['ttl'] === '1h' ? '1h' : '5m' } };
}

interface Markable {
  readonly kind: string;
  readonly cache?: CacheMark;
}

const CACHED: ReadonlySet<string> = new Set(['text', 'image', 'document', 'tool-call']);

/** The parts of a message that bears a mark as a whole: its last part bears it, unless that has one of its own. */
export function markLast<Part extends Markable>(
  parts: readonly Part[],
  { cache }: { readonly cache?: CacheMark },
): readonly Part[] {
  if (cache === undefined) return parts;
  const last = parts.findLastIndex(({ kind }) => CACHED.has(kind));
  return parts.map((part, index) => (index === last ? { cache, ...part } : part));
}
