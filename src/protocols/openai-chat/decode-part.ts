import type {
  AudioPart,
  DocumentPart,
  ImagePart,
  MediaSource,
  ReasoningPart,
  RefusalPart,
  ResultPart,
  TextPart,
  UserPart,
} from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import {
  optionalString,
  optionalWord,
  pathOf,
  present,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import { cacheOf } from './decode-cache.ts';

/** One content part of a user message; throws `invalid-request` naming the part. */
export function decodeUserPart(part: JsonObject, at: string): UserPart {
  return part['type'] === 'input_audio' ? decodeAudio(part, at) : decodeResultPart(part, at);
}

/** One content part of a tool message: text officially, images and files where vendors allow them. */
export function decodeResultPart(part: JsonObject, at: string): ResultPart {
  const type = requireString(part, 'type', at);
  switch (type) {
    case 'text':
      return decodeTextPart(part, at);
    case 'image_url':
      return decodeImage(part, at);
    case 'file':
      return decodeFile(part, at);
    default:
      throw unsupportedField(`${at}.type`, `"${type}" is not a content part that can be used here`);
  }
}

/** A part that must be text; throws `invalid-request` naming the part. */
export function decodeTextPart(part: JsonObject, at: string): TextPart {
  const type = requireString(part, 'type', at);
  if (type !== 'text') throw unsupportedField(`${at}.type`, `"${type}" cannot stand here, only text can`);
  return { kind: 'text', text: requireString(part, 'text', at), ...cacheOf(part, at) };
}

/** One content part of an assistant message; reasoning as some vendors and frameworks write it. */
export function decodeAnswerPart(part: JsonObject, at: string): TextPart | RefusalPart | ReasoningPart {
  switch (part['type']) {
    case 'refusal':
      return { kind: 'refusal', text: requireString(part, 'refusal', at) };
    case 'thinking':
    case 'reasoning':
      return { kind: 'reasoning', raw: thoughtText(part, part['type']) };
    default:
      return decodeTextPart(part, at);
  }
}

/** The thought is text or a list of texts in the member that the type names, or is plain text. */
function thoughtText(part: JsonObject, type: string): string {
  const pieces = listOf(part[type]).map((piece) => findString(findObject(piece)?.['text']) ?? '');
  return findString(part[type]) ?? (pieces.join('') || (findString(part['text']) ?? ''));
}

/** The address stands in an object, or in the member itself as older clients write it. */
function decodeImage(part: JsonObject, at: string): ImagePart {
  const path = pathOf(at, 'image_url');
  if (typeof part['image_url'] === 'string') {
    return { kind: 'image', at, source: sourceOfUrl(part['image_url'], path), ...cacheOf(part, at) };
  }
  const image = requireObject(part, 'image_url', at);
  const url = requireString(image, 'url', path);
  return {
    kind: 'image',
    at,
    source: sourceOfUrl(url, pathOf(path, 'url')),
    ...present({ detail: optionalString(image, 'detail', path) }),
    ...cacheOf(part, at),
  };
}

function decodeAudio(part: JsonObject, at: string): AudioPart {
  const audio = requireObject(part, 'input_audio', at);
  const path = pathOf(at, 'input_audio');
  const format = optionalWord(audio, 'format', path, ['wav', 'mp3']);
  if (format === undefined) throw invalidField(pathOf(path, 'format'), 'is required and must be wav or mp3');
  return { kind: 'audio', at, data: requireString(audio, 'data', path), format };
}

function decodeFile(part: JsonObject, at: string): DocumentPart {
  const file = requireObject(part, 'file', at);
  const path = pathOf(at, 'file');
  return {
    kind: 'document',
    at,
    source: fileSource(file, path),
    ...present({ filename: optionalString(file, 'filename', path) }),
    ...cacheOf(part, at),
  };
}

function fileSource(file: JsonObject, at: string): MediaSource {
  const data = optionalString(file, 'file_data', at);
  const fileId = optionalString(file, 'file_id', at);
  if (data !== undefined) {
    // Bare base64 is seen in the wild although a data URL is asked for; PDF is the one kind every vendor reads.
    return /^(?:data:|https?:\/\/)/i.test(data)
      ? sourceOfUrl(data, pathOf(at, 'file_data'))
      : { type: 'base64', data, mediaType: 'application/pdf' };
  }
  if (fileId !== undefined) return { type: 'file', fileId, owner: 'openai-chat' };
  throw invalidField(at, 'must hold file_data or file_id', 'missing_required_parameter');
}

/** A data URL as its bytes, a web address as it is. */
function sourceOfUrl(url: string, at: string): MediaSource {
  const scheme = url.slice(0, 8).toLowerCase();
  if (scheme.startsWith('http://') || scheme.startsWith('https://')) return { type: 'url', url };
  if (!scheme.startsWith('data:')) throw invalidField(at, 'must be an http(s) URL or a base64 data URL');
  const comma = url.indexOf(',');
  const head = url.slice('data:'.length, Math.max(comma, 0)).split(';');
  const mediaType = head[0]?.toLowerCase() ?? '';
  if (mediaType === '' || head.at(-1)?.toLowerCase() !== 'base64') {
    throw invalidField(at, 'a data URL must name its media type and be base64');
  }
  return { type: 'base64', data: url.slice(comma + 1), mediaType };
}
