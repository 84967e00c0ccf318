import type { EncodeContext } from '../../kernel/codec.ts';
import type { DocumentPart, ImagePart, MediaSource } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { withCacheMark } from './cache-marks.ts';

/**
 * An image block.
 *
 * @param at - the client's path of the part, for errors and notes.
 * @throws GatewayError `invalid-request` when the model takes no such image, or the file is another service's.
 */
export function encodeImage(
  part: ImagePart,
  at: string,
  { capabilities, losses }: EncodeContext,
): JsonObject {
  if (capabilities.images === false) throw unsupportedField(at, 'this model takes no images');
  const { source, detail = 'auto' } = part;
  if (source.type === 'url' && capabilities.imageUrl === false) {
    throw unsupportedField(at, 'this model takes images as base64 data only');
  }
  if (detail !== 'auto') losses.note(`${at}.detail`, 'dropped');
  return withCacheMark({ type: 'image', source: imageSource(source, at) }, part.cache);
}

/** The types that the API takes, by the names that clients have for them. */
const IMAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'image/jpeg'],
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/png', 'image/png'],
  ['image/gif', 'image/gif'],
  ['image/webp', 'image/webp'],
]);

function imageSource(source: MediaSource, at: string): JsonObject {
  if (source.type !== 'base64') return encodeSource(source, at);
  const mediaType = IMAGE_TYPES.get(source.mediaType.toLowerCase());
  if (mediaType !== undefined) return encodeSource({ ...source, mediaType }, at);
  throw unsupportedField(
    at,
    `images of type ${source.mediaType} are not supported, only JPEG, PNG, GIF and WebP`,
  );
}

/** A document block; throws as {@link encodeImage} does. */
export function encodeDocument(part: DocumentPart, at: string, { capabilities }: EncodeContext): JsonObject {
  const source = documentSource(part.source, at);
  if (source['type'] !== 'text' && capabilities.pdf === false) {
    throw unsupportedField(at, 'this model takes no documents');
  }
  const title = part.title ?? part.filename;
  const block = {
    type: 'document',
    source,
    ...(title !== undefined && title !== '' && { title }),
    ...(part.context !== undefined && { context: part.context }),
    ...(part.citations === true && { citations: { enabled: true } }),
  };
  return withCacheMark(block, part.cache);
}

function documentSource(source: DocumentPart['source'], at: string): JsonObject {
  if (source.type === 'text') return textSource(source.text);
  if (source.type !== 'base64' || source.mediaType === 'application/pdf') return encodeSource(source, at);
  if (source.mediaType.startsWith('text/')) return textSource(decodeBase64(source.data, at));
  throw unsupportedField(at, `documents of type ${source.mediaType} are not supported, only PDF and text`);
}

const textSource = (data: string): JsonObject => ({ type: 'text', media_type: 'text/plain', data });

function encodeSource(source: MediaSource, at: string): JsonObject {
  switch (source.type) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    default:
      if (source.owner === 'anthropic-messages') return { type: 'file', file_id: source.fileId };
      throw unsupportedField(at, 'a file of another service cannot be read by this model');
  }
}

function decodeBase64(data: string, at: string): string {
  try {
    const bytes = Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    throw invalidField(at, 'its data is not base64');
  }
}
