import type {
  DocumentPart,
  ImagePart,
  MediaSource,
  ResultPart,
  TextPart,
} from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  optionalFlag,
  optionalObject,
  optionalString,
  pathOf,
  present,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import { decodeCache } from './decode-cache.ts';
import { decodeTextOnly } from './decode-text.ts';
import { mapContent } from './map-content.ts';

/** An image block; throws `invalid-request` naming the member. */
export function decodeImage(block: JsonObject, at: string): ImagePart {
  const source = requireObject(block, 'source', at);
  return { kind: 'image', at, source: decodeSource(source, pathOf(at, 'source')), ...decodeCache(block, at) };
}

/** A document block; images in one that is made of blocks follow behind it. Throws `invalid-request`. */
export function decodeDocument(block: JsonObject, at: string, losses: Losses): readonly ResultPart[] {
  const source = requireObject(block, 'source', at);
  const path = pathOf(at, 'source');
  const type = requireString(source, 'type', path);
  switch (type) {
    case 'text':
      return [documentPart(block, at, { type, text: requireString(source, 'data', path) })];
    case 'content': {
      const { text, images } = readBlocks(source, path, losses);
      return [documentPart(block, at, { type: 'text', text }), ...images];
    }
    default:
      return [documentPart(block, at, decodeSource(source, path))];
  }
}

function documentPart(block: JsonObject, at: string, source: DocumentPart['source']): DocumentPart {
  const citations = optionalObject(block, 'citations', at);
  return {
    kind: 'document',
    at,
    source,
    ...present({
      title: optionalString(block, 'title', at),
      context: optionalString(block, 'context', at),
      citations: citations && optionalFlag(citations, 'enabled', pathOf(at, 'citations')),
    }),
    ...decodeCache(block, at),
  };
}

interface ReadBlocks {
  readonly text: string;
  readonly images: readonly ImagePart[];
}

function readBlocks(source: JsonObject, at: string, losses: Losses): ReadBlocks {
  const parts = mapContent<TextPart | ImagePart>(source, 'content', at, (block, path) =>
    block['type'] === 'image' ? [decodeImage(block, path)] : decodeTextOnly(block, path, losses),
  );
  const texts = parts.filter((part) => part.kind === 'text').map(({ text }) => text);
  const images = parts.filter((part) => part.kind === 'image');
  if (images.length > 0) losses.note(pathOf(at, 'content'), 'moved');
  return { text: texts.join('\n\n'), images };
}

function decodeSource(source: JsonObject, at: string): MediaSource {
  const type = requireString(source, 'type', at);
  switch (type) {
    case 'base64': {
      const mediaType = requireString(source, 'media_type', at).toLowerCase();
      return { type, data: requireString(source, 'data', at), mediaType };
    }
    case 'url':
      return { type, url: requireWebAddress(source, at) };
    case 'file':
      return { type, fileId: requireString(source, 'file_id', at), owner: 'anthropic-messages' };
    default:
      throw unsupportedField(pathOf(at, 'type'), `"${type}" is not a source that can be read here`);
  }
}

function requireWebAddress(source: JsonObject, at: string): string {
  const url = requireString(source, 'url', at);
  if (/^https?:\/\//i.test(url)) return url;
  throw invalidField(pathOf(at, 'url'), 'must be an http(s) URL');
}
