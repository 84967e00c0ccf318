import type {
  Annotation,
  DocumentPart,
  ImagePart,
  RefusalPart,
  TextPart,
} from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { isJsonArray } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { mapObjects, optionalList, pathOf, requireString } from '../../kernel/read-fields.ts';
import { findAnnotation } from './annotations.ts';
import { decodeCacheMark } from './decode-cache-mark.ts';
import { decodeFile, decodeImage } from './decode-media.ts';
import { noteUnread } from './read-members.ts';

type ContentPart = TextPart | ImagePart | DocumentPart;

/** What a user says, or a tool gives back: text, images and files. */
export const decodeContent = (
  holder: JsonObject,
  key: string,
  at: string,
  losses: Losses,
): readonly ContentPart[] => decodeParts(holder, key, at, (part, path) => decodePart(part, path, losses));

/** The content of a system message, which is text only. */
export const decodeTexts = (holder: JsonObject, at: string, losses: Losses): readonly TextPart[] =>
  decodeParts(holder, 'content', at, (part, path) => decodeText(part, path, losses));

/** The content of an answer: text and refusals. */
export const decodeAnswer = (
  holder: JsonObject,
  at: string,
  losses: Losses,
): readonly (TextPart | RefusalPart)[] =>
  decodeParts(holder, 'content', at, (part, path) =>
    part['type'] === 'refusal' ? decodeRefusal(part, path) : decodeText(part, path, losses),
  );

/**
 * String content as one text, a list part by part; empty texts say nothing and are left out.
 *
 * @throws GatewayError `invalid-request` naming the part.
 */
export function decodeParts<Part extends { readonly kind: string }>(
  holder: JsonObject,
  key: string,
  at: string,
  read: (part: JsonObject, at: string) => Part,
): readonly (Part | TextPart)[] {
  const content = holder[key];
  const path = pathOf(at, key);
  if (typeof content === 'string') return decodeString(content);
  if (isJsonArray(content)) return mapObjects(content, path, read).filter((part) => !isEmptyText(part));
  throw invalidField(path, 'is required and must be a string or a list of parts', 'invalid_type');
}

/** Plain text as content. */
export const decodeString = (text: string): readonly TextPart[] =>
  text === '' ? [] : [{ kind: 'text', text }];

const isEmptyText = (part: object): boolean => 'text' in part && part.text === '';

/** One part of any content that may hold media; throws `invalid-request` naming the part. */
export function decodePart(part: JsonObject, at: string, losses: Losses): ContentPart {
  switch (part['type']) {
    case 'input_image':
      return decodeImage(part, at, losses);
    case 'input_file':
      return decodeFile(part, at, losses);
    default:
      return decodeText(part, at, losses);
  }
}

/** The names of text, which clients mix up: what was said goes back as what is said. */
const TEXT_TYPES = ['input_text', 'output_text', 'text'];
const TEXT_MEMBERS = ['type', 'text', 'annotations', 'logprobs', 'prompt_cache_breakpoint'];

function decodeText(part: JsonObject, at: string, losses: Losses): TextPart {
  const type = requireString(part, 'type', at);
  if (!TEXT_TYPES.includes(type)) {
    throw unsupportedField(pathOf(at, 'type'), `"${type}" is not a content part that can be used here`);
  }
  noteUnread(part, TEXT_MEMBERS, at, losses);
  const annotations = decodeAnnotations(part, at, losses);
  return {
    kind: 'text',
    text: requireString(part, 'text', at),
    ...(annotations.length > 0 && { annotations }),
    ...decodeCacheMark(part, at),
  };
}

/** Web citations; those of files mean nothing outside the service that holds the files. */
function decodeAnnotations(part: JsonObject, at: string, losses: Losses): readonly Annotation[] {
  const wire = optionalList(part, 'annotations', at) ?? [];
  const annotations = wire.map(findAnnotation).filter((annotation) => annotation !== undefined);
  if (annotations.length < wire.length) losses.note(pathOf(at, 'annotations'), 'dropped');
  return annotations;
}

const decodeRefusal = (part: JsonObject, at: string): RefusalPart => ({
  kind: 'refusal',
  text: requireString(part, 'refusal', at),
});
