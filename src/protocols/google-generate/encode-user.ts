import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { SystemTurn, UserPart, UserTurn } from '../../kernel/conversation.ts';
import { pathOfPart } from '../../kernel/path-of-part.ts';
import { encodeAudio, encodeDocument, encodeImage } from './encode-media.ts';
import type { WirePart } from './wire-types.ts';

/** The parts of a user's turn; Google refuses empty text, so a turn without content says that it is empty. */
export function encodeUserTurn(turn: UserTurn, context: EncodeContext): readonly WirePart[] {
  if (turn.name !== undefined) context.losses.note(`${turn.at}.name`, 'dropped');
  const parts = turn.parts
    .map((part) => encodeUserPart(part, `${turn.at}.content`, context))
    .filter((part) => part.text !== '');
  return parts.length > 0 ? parts : [{ text: '(empty)' }];
}

/** Google knows no system text amid the conversation: it goes where it stands, marked as what it is. */
export function encodeSystemTurn(turn: SystemTurn, { losses, names }: EncodeContext): readonly WirePart[] {
  losses.note(turn.at, 'folded');
  if (turn.parts.some(({ cache }) => cache !== undefined)) losses.note(names.cacheMark, 'dropped');
  const text = turn.parts.map((part) => part.text).join('\n\n');
  return text === '' ? [] : [{ text: `<system-reminder>\n${text}\n</system-reminder>` }];
}

function encodeUserPart(part: UserPart, at: string, context: EncodeContext): WirePart {
  switch (part.kind) {
    case 'text':
      if (part.cache !== undefined) context.losses.note(context.names.cacheMark, 'dropped');
      return { text: part.text };
    case 'image':
      return encodeImage(part, pathOfPart(part, at), context);
    case 'document':
      return encodeDocument(part, pathOfPart(part, at), context);
    case 'audio':
      return encodeAudio(part, pathOfPart(part, at), context);
    default:
      return assertNever(part, 'user part');
  }
}
