import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { sha256Hex } from '../../kernel/sha256.ts';
import { encodeSettings } from './encode-settings.ts';
import type { Setting } from './encode-settings.ts';
import { isOpenai } from './vendor.ts';

/** Service tiers by the words of all dialects; one that costs more is never put in place of another. */
const TIERS: ReadonlyMap<string | undefined, string> = new Map([
  ['auto', 'auto'],
  ['default', 'default'],
  ['standard', 'default'],
  ['standard_only', 'default'],
  ['flex', 'flex'],
  ['scale', 'scale'],
  ['priority', 'priority'],
  ['fast', 'fast'],
]);

/** Members that tell the service whose request this is, and how to serve and keep it; OpenAI alone knows most. */
export function encodeAccount(request: ChatRequest, context: EncodeContext): JsonObject {
  const { cacheKey, endUser, metadata, serviceTier } = request;
  const known = isOpenai(context.capabilities);
  const user = endUser === undefined ? undefined : shortId(endUser);
  const key = cacheKey === undefined ? undefined : shortId(cacheKey);
  const store = request.store === true ? true : undefined; // nothing is kept unless the client said so
  const tier = TIERS.get(serviceTier);
  const settings: readonly Setting[] = [
    { key: 'prompt_cache_key', field: 'cacheKey', value: key, taken: known },
    { key: 'safety_identifier', field: 'endUser', value: user, taken: known },
    { key: 'store', field: 'store', value: store, taken: known },
    { key: 'metadata', field: 'metadata', value: metadata, taken: known && store === true },
    { key: 'service_tier', field: 'serviceTier', value: tier ?? serviceTier, taken: tier !== undefined },
  ];
  return encodeSettings(settings, context);
}

const MAX_ID_CHARS = 64;

/** Ids over the service's limit become their hash, the same on every call. */
const shortId = (id: string): string => (id.length > MAX_ID_CHARS ? sha256Hex(id) : id);
