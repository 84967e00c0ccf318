import type { AssistantPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { optionalString, requireString } from '../../kernel/read-fields.ts';
import { decodeAnswer, decodeContent, decodeTexts } from './decode-content.ts';
import { ITEM_MEMBERS } from './piece.ts';
import type { Piece, Reading } from './piece.ts';
import { noteUnread } from './read-members.ts';

const MEMBERS = [...ITEM_MEMBERS, 'role', 'content', 'phase'];

/** A `message` item of any role, or the easy form that has a role alone. */
export function decodeMessage(item: JsonObject, at: string, { losses }: Reading): Piece {
  noteUnread(item, MEMBERS, at, losses);
  const role = requireString(item, 'role', at);
  switch (role) {
    case 'user':
      return { kind: 'user', turn: { role, at, parts: decodeContent(item, 'content', at, losses) } };
    case 'system':
    case 'developer':
      return { kind: 'system', turn: { role, at, parts: decodeTexts(item, at, losses) } };
    case 'assistant': {
      const phase = optionalString(item, 'phase', at);
      const parts = decodeAnswer(item, at, losses);
      return { kind: 'assistant', parts: phase === undefined ? parts : parts.map(inPhase(phase)) };
    }
    default:
      throw unsupportedField(`${at}.role`, `"${role}" is not a role`);
  }
}

const inPhase =
  (phase: string) =>
  (part: AssistantPart): AssistantPart =>
    part.kind === 'text' ? { ...part, phase } : part;
