import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { callChunk, chunk, finish, replyOf } from './support.ts';

const annotationsOf = (members: JsonObject): unknown => {
  const block = replyOf(chunk([{ text: 'Zürich 🎉!' }]), finish('STOP', members)).blocks[0];
  return block !== undefined && 'annotations' in block ? block.annotations : undefined;
};

const page = (uri: string, title?: string): JsonObject => ({
  web: { uri, ...(title !== undefined && { title }) },
});

describe('google-generate sources', () => {
  it('names all pages without a place when no segment is supported', () => {
    const groundingMetadata = {
      groundingChunks: [page('https://a.example', 'A'), page('https://b.example')],
    };
    expect(annotationsOf({ groundingMetadata })).toEqual([
      { kind: 'url', url: 'https://a.example', title: 'A' },
      { kind: 'url', url: 'https://b.example' },
    ]);
  });

  it('passes over sources that are no web pages and pages that are not there', () => {
    const groundingMetadata = {
      groundingChunks: [{ retrievedContext: { uri: 'gs://x' } }, page('')],
      groundingSupports: [{ segment: { endIndex: 2 }, groundingChunkIndices: [0, 1, 2, 'x'] }, null, {}],
    };
    expect(annotationsOf({ groundingMetadata })).toEqual([]);
  });

  it.each([
    ['beyond the text', { startIndex: 0, endIndex: 99 }],
    ['the wrong way round', { startIndex: 7, endIndex: 2 }],
    ['on other words than it says', { startIndex: 0, endIndex: 7, text: 'Geneva' }],
    ['without an end', { startIndex: 3 }],
  ])('keeps the page but not the place of a segment %s', (_case, segment) => {
    const groundingMetadata = {
      groundingChunks: [page('https://a.example')],
      groundingSupports: [{ segment, groundingChunkIndices: [0] }],
    };
    expect(annotationsOf({ groundingMetadata })).toEqual([{ kind: 'url', url: 'https://a.example' }]);
  });

  it.each(['citations', 'citationSources'])('reads the list %s of quoted works', (key) => {
    const citation = { startIndex: 8, endIndex: 12, uri: 'https://q.example', license: 'mit' };
    expect(annotationsOf({ citationMetadata: { [key]: [citation, { license: 'mit' }] } })).toEqual([
      { kind: 'url', url: 'https://q.example', start: 7, end: 9 },
    ]);
  });

  it('counts characters of one to four bytes', () => {
    const groundingMetadata = {
      groundingChunks: [page('https://a.example')],
      groundingSupports: [{ segment: { startIndex: 10, endIndex: 11 }, groundingChunkIndices: [0] }],
    };
    const reply = replyOf(chunk([{ text: 'aé你🎉z' }]), finish('STOP', { groundingMetadata }));
    expect(reply.blocks).toMatchObject([{ annotations: [{ start: 5, end: 6 }] }]);
  });

  it('leaves sources out when the answer does not end in text', () => {
    const groundingMetadata = { groundingChunks: [page('https://a.example')] };
    const reply = replyOf(callChunk({ name: 'f', id: 'a' }), finish('STOP', { groundingMetadata }));
    expect(reply.blocks).toMatchObject([{ kind: 'tool-call' }]);
  });
});
