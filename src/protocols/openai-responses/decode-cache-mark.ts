import type { CacheMark } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { optionalObject } from '../../kernel/read-fields.ts';

/** The mark that ends a cached prefix with this part; the service's own lifetime is 30 minutes. */
export function decodeCacheMark(part: JsonObject, at: string): { readonly cache?: CacheMark } {
  const mark = optionalObject(part, 'prompt_cache_breakpoint', at);
  return mark === undefined ? {} : { cache: { ttl: mark['ttl'] === '12h' ? '12h' : '30m' } };
}
