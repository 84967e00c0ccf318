import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AudioPart, ImagePart, UserPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { findString } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { pathOfPart } from '../../kernel/path-of-part.ts';
import type { TakeCacheMark } from './cache-marks.ts';
import { encodeDocument } from './encode-document.ts';

/** What the encoding of a part depends on besides the part. */
export interface PartContext extends EncodeContext {
  readonly takeMark: TakeCacheMark;
}

/**
 * Writes one part of a user message or tool result.
 *
 * @param at - the client's path of the part, for errors and notes.
 * @throws GatewayError `invalid-request` naming the part that this model cannot read.
 */
export const encodePart = (part: UserPart, at: string, context: PartContext): JsonObject => ({
  ...encodeBody(part, at, context),
  ...(part.kind !== 'audio' && context.takeMark(part.cache)),
});

function encodeBody(part: UserPart, at: string, context: PartContext): JsonObject {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return encodeImage(part, pathOfPart(part, at), context);
    case 'document':
      return encodeDocument(part, pathOfPart(part, at), context);
    case 'audio':
      return encodeAudio(part, pathOfPart(part, at), context);
    default:
      return assertNever(part, 'part');
  }
}

const DETAILS: readonly (string | undefined)[] = [undefined, 'auto', 'low', 'high'];

function encodeImage({ source, detail }: ImagePart, at: string, context: PartContext): JsonObject {
  const { images, imageUrl } = context.capabilities;
  if (images === false) throw unsupportedField(at, 'this model takes no images');
  if (source.type === 'file')
    throw unsupportedField(at, 'this model takes no images by file id, only as data');
  if (source.type === 'url' && imageUrl === false) {
    throw unsupportedField(at, 'this model takes no images by URL, only as data');
  }
  const known = DETAILS.includes(detail);
  if (!known) context.losses.note(`${at}.detail`, 'dropped');
  const url = source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
  return { type: 'image_url', image_url: { url, ...(known && detail !== undefined && { detail }) } };
}

function encodeAudio({ data, format }: AudioPart, at: string, { capabilities }: PartContext): JsonObject {
  if (capabilities.audio === true) return { type: 'input_audio', input_audio: { data, format } };
  throw unsupportedField(at, 'audio cannot be sent to this model');
}

/** Text parts as one string, a blank line between them, which every vendor reads; as parts where one is marked. */
export function joinTexts(parts: readonly JsonObject[]): Json {
  const texts = parts.map(findPlainText).filter((text) => text !== undefined);
  return texts.length === parts.length ? texts.join('\n\n') : parts;
}

/** A single text as a string, anything else part by part. */
export const contentOf = (parts: readonly JsonObject[]): Json =>
  parts.length === 1 ? joinTexts(parts) : parts;

const findPlainText = (part: JsonObject): string | undefined =>
  'prompt_cache_breakpoint' in part ? undefined : findString(part['text']);

/** False for text without a sign, which some vendors refuse. */
export const saysSomething = (part: JsonObject): boolean => part['text'] !== '';
