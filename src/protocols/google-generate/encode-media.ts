import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AudioPart, DocumentPart, ImagePart, MediaSource } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { isPublicAddress } from './web-address.ts';
import type { WireMedia, WirePart } from './wire-types.ts';

/** Google wants the type of a file that it fetches; web addresses mostly say it by their ending. */
const TYPE_OF_ENDING: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['pdf', 'application/pdf'],
]);

/**
 * @param at - the client's path of the turn or part, for the error.
 * @throws GatewayError `invalid-request` when the model takes no images, or none by this web address.
 */
export function encodeImage(
  { source, detail, cache }: ImagePart,
  at: string,
  context: EncodeContext,
): WireMedia {
  if (context.capabilities.images === false) throw unsupportedField(at, 'the model takes no images');
  if (detail !== undefined && detail !== 'auto') context.losses.note(`${at}.detail`, 'dropped');
  if (cache !== undefined) context.losses.note(context.names.cacheMark, 'dropped');
  return encodeSource(source, at, context);
}

/**
 * A document of text becomes text under its title; any other becomes media.
 *
 * @throws GatewayError `invalid-request` when the model takes no PDF, or none by this web address.
 */
export function encodeDocument(document: DocumentPart, at: string, context: EncodeContext): WirePart {
  const { source, title } = document;
  for (const key of ['citations', 'context'] as const) {
    if (document[key] !== undefined && document[key] !== false)
      context.losses.note(`${at}.${key}`, 'dropped');
  }
  if (document.cache !== undefined) context.losses.note(context.names.cacheMark, 'dropped');
  if (source.type === 'text') {
    return { text: title === undefined ? source.text : `${title}\n\n${source.text}` };
  }
  if (context.capabilities.pdf === false) throw unsupportedField(at, 'the model takes no documents');
  if (title !== undefined) context.losses.note(`${at}.title`, 'dropped');
  if (document.filename !== undefined) context.losses.note(`${at}.filename`, 'dropped');
  return encodeSource(source, at, context);
}

/** @throws GatewayError `invalid-request` when the model takes no audio. */
export function encodeAudio({ data, format }: AudioPart, at: string, context: EncodeContext): WireMedia {
  if (context.capabilities.audio === false) throw unsupportedField(at, 'the model takes no audio');
  return { inlineData: { mimeType: `audio/${format}`, data } };
}

function encodeSource(source: MediaSource, at: string, { capabilities }: EncodeContext): WireMedia {
  switch (source.type) {
    case 'base64':
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case 'url':
      if (capabilities.imageUrl !== true) {
        throw unsupportedField(at, 'the model takes no web address here; send the bytes in base64');
      }
      if (!isPublicAddress(source.url)) {
        throw invalidField(at, 'the service cannot reach this address; send the bytes in base64');
      }
      return { fileData: { fileUri: source.url, ...typeOf(source.url) } };
    case 'file':
      throw unsupportedField(at, 'a file id means nothing to another service; send the bytes in base64');
    default:
      return assertNever(source, 'media source');
  }
}

function typeOf(url: string): { mimeType?: string } {
  const ending = /\.(\w+)(?:[?#]|$)/.exec(url)?.[1]?.toLowerCase() ?? '';
  const mimeType = TYPE_OF_ENDING.get(ending);
  return mimeType === undefined ? {} : { mimeType };
}
