import type { UserPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { pathOf, requireString } from '../../kernel/read-fields.ts';
import { decodePart, decodeParts } from './decode-content.ts';
import { ITEM_MEMBERS } from './piece.ts';
import type { Piece, Reading } from './piece.ts';
import { noteUnread } from './read-members.ts';

// Codex writes sender and recipient into the text as well.
const MEMBERS = [...ITEM_MEMBERS, 'author', 'recipient', 'content', 'agent'];

/** What one agent of Codex tells another, as what a user says; throws `invalid-request` on words it cannot read. */
export function decodeAgentMessage(item: JsonObject, at: string, { losses }: Reading): Piece {
  noteUnread(item, MEMBERS, at, losses);
  const silent = item['content'] === undefined || item['content'] === null;
  const read = (part: JsonObject, path: string): UserPart => decodeAgentPart(part, path, losses);
  const parts = silent ? [] : decodeParts(item, 'content', at, read);
  return { kind: 'user', turn: { role: 'user', at, parts } };
}

/** How the ciphers of the service begin. */
const CIPHER = /^gAAAA[\w-]+=*$/;

/**
 * Codex calls a task encrypted that it took from a call's arguments. Those are ciphers at the service that encrypts
 * them, and the plain words at every other.
 */
function decodeAgentPart(part: JsonObject, at: string, losses: Losses): UserPart {
  if (part['type'] !== 'encrypted_content') return decodePart(part, at, losses);
  const text = requireString(part, 'encrypted_content', at);
  if (!CIPHER.test(text)) return { kind: 'text', text };
  throw unsupportedField(
    pathOf(at, 'encrypted_content'),
    'only the service that encrypted it can read this; start the agent again with this model',
  );
}
