import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { DocumentPart, ImagePart, MediaSource, UserPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { pathOfPart } from '../../kernel/path-of-part.ts';
import type { TakeCacheMark } from './cache-marks.ts';

/** What the encoding of a part depends on besides the part. */
export interface PartContext extends EncodeContext {
  readonly takeMark: TakeCacheMark;
}

/**
 * Writes one part of a user message or tool result.
 *
 * @param at - the client's path of the part, for errors and notes.
 * @throws GatewayError `invalid-request` naming the part that this model or service cannot read.
 */
export function encodePart(part: UserPart, at: string, context: PartContext): JsonObject {
  switch (part.kind) {
    case 'text':
      return { type: 'input_text', text: part.text, ...context.takeMark(part.cache) };
    case 'image':
      return { ...encodeImage(part, pathOfPart(part, at), context), ...context.takeMark(part.cache) };
    case 'document':
      return { ...encodeDocument(part, pathOfPart(part, at), context), ...context.takeMark(part.cache) };
    case 'audio':
      throw unsupportedField(at, 'audio cannot be sent to this model');
    default:
      return assertNever(part, 'part');
  }
}

function encodeImage({ source, detail = 'auto' }: ImagePart, at: string, context: PartContext): JsonObject {
  const { images, imageUrl } = context.capabilities;
  if (images === false) throw unsupportedField(at, 'this model takes no images');
  if (source.type === 'url' && imageUrl === false) {
    throw unsupportedField(at, 'this model takes no images by URL, only as data');
  }
  return source.type === 'file'
    ? { type: 'input_image', file_id: ownFileId(source, at), detail }
    : { type: 'input_image', image_url: urlOf(source), detail };
}

function encodeDocument(part: DocumentPart, at: string, { capabilities, losses }: PartContext): JsonObject {
  const { source, title } = part;
  if (part.context !== undefined) losses.note(`${at}.context`, 'dropped');
  if (part.citations === true) losses.note(`${at}.citations`, 'dropped');
  if (source.type === 'text') {
    const heading = title ?? part.filename;
    return { type: 'input_text', text: heading === undefined ? source.text : `${heading}\n\n${source.text}` };
  }
  if (capabilities.pdf === false) throw unsupportedField(at, 'this model takes no documents');
  switch (source.type) {
    case 'base64':
      return { type: 'input_file', filename: filenameOf(part, source.mediaType), file_data: urlOf(source) };
    case 'url':
      return { type: 'input_file', file_url: source.url };
    case 'file':
      return { type: 'input_file', file_id: ownFileId(source, at) };
    default:
      return assertNever(source, 'source');
  }
}

/** The service tells the kind of a file by the ending of its name. */
function filenameOf({ filename, title }: DocumentPart, mediaType: string): string {
  if (filename !== undefined) return filename;
  const name = title ?? 'document';
  return mediaType === 'application/pdf' && !/\.\w{1,5}$/.test(name) ? `${name}.pdf` : name;
}

type FileSource = Extract<MediaSource, { readonly type: 'file' }>;

function ownFileId({ owner, fileId }: FileSource, at: string): string {
  if (owner === 'openai-responses') return fileId;
  throw unsupportedField(at, 'a file id is known only to the service that holds the file; send its content');
}

const urlOf = (source: Exclude<MediaSource, FileSource>): string =>
  source.type === 'base64' ? `data:${source.mediaType};base64,${source.data}` : source.url;
