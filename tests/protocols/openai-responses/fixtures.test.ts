import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { parseJson, writeJson } from '../../../src/kernel/json.ts';
import { chunksOf, bytesOf } from '../../support/chunks.ts';
import { findGrammarFault } from '../../support/grammar.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { createSseDecoder } from '../../../src/sse/decode.ts';
import { eventsOfBody, eventsOfText } from './support.ts';

const NAMES = [
  'citations',
  'content-filter',
  'custom-tool',
  'max-tokens',
  'max-tokens-silent',
  'parallel-tools',
  'raw-reasoning',
  'reasoning',
  'reasoning-tool',
  'refusal',
  'text',
  'tool-call',
];

const sseOf = (name: string) => readFixture(`openai-responses/${name}.2026-11.sse`);
const bodyOf = (name: string) => parseJson(readFixture(`openai-responses/${name}.2026-11.json`));
const streamed = (name: string) => collectReply(eventsOfText(sseOf(name)));

/** A stream as a reader with this chunk size sees it, put together again. */
function rechunked(text: string, size: number): string {
  let out = '';
  const sse = createSseDecoder(({ event, data }) => (out += `event: ${event ?? ''}\ndata: ${data}\n\n`));
  chunksOf(bytesOf(text), size).forEach(sse.push);
  sse.end();
  return out;
}

describe('openai-responses fixtures', () => {
  it.each(NAMES)('folds the stream of %s to the same answer as its body', (name) => {
    expect(streamed(name)).toEqual(collectReply(eventsOfBody(bodyOf(name))));
  });

  it.each(NAMES)('keeps the grammar of events in the stream and the body of %s', (name) => {
    expect([
      findGrammarFault(eventsOfText(sseOf(name))),
      findGrammarFault(eventsOfBody(bodyOf(name))),
    ]).toEqual([undefined, undefined]);
  });

  it.each(NAMES)('reads the stream of %s alike without event names', (name) => {
    const nameless = sseOf(name).replace(/^event: .*\n/gm, '');
    expect(collectReply(eventsOfText(nameless))).toEqual(streamed(name));
  });

  it.each([1, 3, 4096])('reads a stream in chunks of %i bytes (C003)', (size) => {
    expect(collectReply(eventsOfText(rechunked(sseOf('custom-tool'), size)))).toEqual(
      streamed('custom-tool'),
    );
  });

  it('reads a text answer with its usage', () => {
    expect(streamed('text')).toEqual({
      id: 'resp_0aText0001',
      model: 'gpt-5.4-2026-03-05',
      createdAt: 1795800000,
      blocks: [{ kind: 'text', text: 'Zürich is 你好 🎉.', annotations: [], phase: 'final_answer' }],
      stop: { reason: 'stop', raw: 'completed' },
      usage: {
        inputTokens: 1000,
        cacheReadTokens: 400,
        cacheWriteTokens: 100,
        outputTokens: 12,
        reasoningTokens: 0,
      },
      native: bodyOf('text'),
    });
  });

  it('keeps the exact text of arguments', () => {
    expect(streamed('tool-call')).toMatchObject({
      blocks: [
        { kind: 'text', phase: 'commentary' },
        {
          id: 'call_weather01',
          callKind: 'function',
          args: '{"city":"Zürich 你好 🎉","order":1234567890123456789,"__proto__":{"x":1}}',
        },
      ],
      stop: { reason: 'tool-calls', raw: 'completed' },
    });
  });

  it('reads interleaved calls apart, and gives the one without arguments an empty object (C046)', () => {
    expect(streamed('parallel-tools').blocks).toMatchObject([
      { id: 'call_a', name: 'get_weather', args: '{"city":"Bern"}' },
      { id: 'call_b', name: 'get_time', namespace: 'clock', args: '{"zone":"CET"}' },
      { id: 'call_c', name: 'list_cities', args: '{}' },
    ]);
  });

  it('reads both parts of a summary, and the state that stands in the finished item (C026, C041)', () => {
    expect(streamed('reasoning').blocks[0]).toEqual({
      kind: 'reasoning',
      raw: '',
      summary: ['**Weighing it up**\n\nTwo ways.', '**Choosing**\n\nThe Zürich 🎉 way.'],
      opaque: {
        issuer: 'openai',
        family: '',
        kind: 'encrypted_content',
        data: 'gAAAAABpReasoningStateOfThisTurn==',
      },
    });
  });

  it('reads reasoning that is nothing but state', () => {
    expect(streamed('reasoning-tool').blocks).toMatchObject([
      { kind: 'reasoning', raw: '', summary: [], opaque: { data: 'gAAAAABpOpaqueAlone==' } },
      { kind: 'tool-call', id: 'call_reto' },
    ]);
  });

  it('reads the words of the model itself', () => {
    expect(streamed('raw-reasoning').blocks[0]).toMatchObject({ raw: 'Hm, 2 + 2 … is 4.', summary: [] });
  });

  it('keeps a call that was cut by the token limit as it came, and does not report calls (C091)', () => {
    expect(streamed('max-tokens')).toMatchObject({
      blocks: [{ kind: 'text' }, { args: '{"path":"a.txt","text":"unfin' }],
      stop: { reason: 'length', raw: 'max_output_tokens' },
    });
  });

  it('reads an answer that was cut before its first word (C129)', () => {
    expect(streamed('max-tokens-silent')).toMatchObject({
      blocks: [],
      stop: { reason: 'length' },
      usage: { outputTokens: 16, reasoningTokens: 16 },
    });
  });

  it('reads an answer that was filtered', () => {
    expect(streamed('content-filter').stop).toEqual({ reason: 'content-filter', raw: 'content_filter' });
  });

  it('reads a refusal as a block of its own and as the reason to stop (C037, C040)', () => {
    expect(streamed('refusal')).toMatchObject({
      blocks: [{ kind: 'refusal', text: "I can't help with that." }],
      stop: { reason: 'refusal', raw: 'completed' },
    });
  });

  it('keeps citations of web pages, and a hosted tool with every digit', () => {
    const [search, ...texts] = streamed('citations').blocks;
    expect(texts).toEqual([
      {
        kind: 'text',
        text: 'Zürich is large.',
        annotations: [{ kind: 'url', url: 'https://example.com/zh', title: 'Zürich', start: 0, end: 6 }],
      },
      {
        kind: 'text',
        text: ' So is Bern.',
        annotations: [{ kind: 'url', url: 'https://example.com/be', title: 'Bern', start: 1, end: 12 }],
      },
    ]);
    expect(search).toMatchObject({ kind: 'hosted', raw: { type: 'web_search_call', status: 'completed' } });
    const raw = search?.kind === 'hosted' ? search.raw : null;
    expect(writeJson(raw)).toContain('"rank":1234567890123456789');
  });

  it('reads the free text of a custom tool call (C003)', () => {
    expect(streamed('custom-tool').blocks).toEqual([
      {
        kind: 'tool-call',
        id: 'call_patch',
        callKind: 'custom',
        name: 'apply_patch',
        args: '*** Begin Patch\n+ "Grüezi\u2028" 🎉\n*** End Patch',
      },
    ]);
  });
});
