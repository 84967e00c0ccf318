import type { HeaderReader } from '../kernel/codec.ts';
import type { WireView } from '../kernel/edit.ts';
import { findObject, findString } from '../kernel/json.ts';

/** Names are remembered, and a client may send anything. */
const MAX_NAME = 256;

/** Headers by which coding agents name a conversation. */
const HEADERS = ['x-session-id', 'x-claude-code-session-id', 'session-id', 'session_id', 'conversation_id'];

/** What names the conversation that a request belongs to: a header, else the client's key for its prompt cache. */
export function findSession(header: HeaderReader, body: WireView): string | undefined {
  for (const name of HEADERS) {
    const value = header(name)?.trim();
    if (value !== undefined && value !== '') return value.slice(0, MAX_NAME);
  }
  const key = body.typeOf('prompt_cache_key') === 'string' ? body.read('prompt_cache_key') : undefined;
  const metadata = body.typeOf('metadata') === 'object' ? body.read('metadata') : undefined;
  return (findString(key) ?? findString(findObject(metadata)?.['user_id']))?.slice(0, MAX_NAME);
}
