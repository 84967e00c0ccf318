import type { DocumentPart, ImagePart, MediaSource } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalString, pathOf, present } from '../../kernel/read-fields.ts';
import { decodeCacheMark } from './decode-cache-mark.ts';
import { noteUnread } from './read-members.ts';

const IMAGE_MEMBERS = ['type', 'image_url', 'file_id', 'detail', 'prompt_cache_breakpoint'];
const FILE_MEMBERS = ['type', 'file_data', 'file_url', 'file_id', 'filename', 'prompt_cache_breakpoint'];

/** An `input_image` part; throws `invalid-request` naming the member that is wrong, as all here. */
export function decodeImage(part: JsonObject, at: string, losses: Losses): ImagePart {
  noteUnread(part, IMAGE_MEMBERS, at, losses);
  const source = sourceOfMember(part, 'image_url', at) ?? sourceOfId(part, at);
  if (source === undefined) throw absentSource(at, 'image_url or file_id');
  const detail = optionalString(part, 'detail', at);
  return { kind: 'image', at, source, ...present({ detail }), ...decodeCacheMark(part, at) };
}

/** An `input_file` part. */
export function decodeFile(part: JsonObject, at: string, losses: Losses): DocumentPart {
  noteUnread(part, FILE_MEMBERS, at, losses);
  const source = sourceOfData(part, at) ?? sourceOfMember(part, 'file_url', at) ?? sourceOfId(part, at);
  if (source === undefined) throw absentSource(at, 'file_data, file_url or file_id');
  const filename = optionalString(part, 'filename', at);
  return { kind: 'document', at, source, ...present({ filename }), ...decodeCacheMark(part, at) };
}

const absentSource = (at: string, members: string): Error =>
  invalidField(at, `must hold ${members}`, 'missing_required_parameter');

function sourceOfId(part: JsonObject, at: string): MediaSource | undefined {
  const fileId = optionalString(part, 'file_id', at);
  return fileId === undefined ? undefined : { type: 'file', fileId, owner: 'openai-responses' };
}

function sourceOfMember(part: JsonObject, key: string, at: string): MediaSource | undefined {
  const url = optionalString(part, key, at);
  return url === undefined ? undefined : sourceOfUrl(url, pathOf(at, key));
}

/** A data URL; base64 alone is taken for a PDF, the one kind of file that every service reads. */
function sourceOfData(part: JsonObject, at: string): MediaSource | undefined {
  const data = optionalString(part, 'file_data', at);
  if (data === undefined || isUrl(data)) return sourceOfMember(part, 'file_data', at);
  return { type: 'base64', data, mediaType: 'application/pdf' };
}

// Base64 has no colon.
const isUrl = (text: string): boolean => text.slice(0, 8).includes(':');

const DATA_URL_HEAD = /^data:([^;,]+)[^,]*;base64,/i;

function sourceOfUrl(url: string, at: string): MediaSource {
  if (/^https?:\/\//i.test(url)) return { type: 'url', url };
  // The bytes may be many megabytes: only the head is searched.
  const [head = '', mediaType] = DATA_URL_HEAD.exec(url.slice(0, 256)) ?? [];
  if (mediaType === undefined) {
    throw invalidField(at, 'must be an http(s) URL or a data URL that names its media type and is base64');
  }
  return { type: 'base64', data: url.slice(head.length), mediaType: mediaType.toLowerCase() };
}
