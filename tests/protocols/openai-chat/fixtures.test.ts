import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import { findGrammarFault } from '../../support/grammar.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { eventsOfBody, eventsOfText } from './support.ts';

const NAMES = [
  'citations',
  'custom-tool',
  'max-tokens',
  'parallel-tools',
  'parsed-arguments',
  'reasoning',
  'reasoning-details',
  'reasoning-tool',
  'refusal',
  'text',
  'thinking-parts',
  'tool-call',
  'usage-in-choice',
];

const streamed = (name: string) => collectReply(eventsOfText(readFixture(`openai-chat/${name}.2026-11.sse`)));
const bodyOf = (name: string) => parseJson(readFixture(`openai-chat/${name}.2026-11.json`));

describe('openai-chat fixtures', () => {
  it.each(NAMES)('folds the stream of %s to the same answer as its body', (name) => {
    expect(streamed(name)).toEqual(collectReply(eventsOfBody(bodyOf(name))));
  });

  it.each(NAMES)('keeps the grammar of events in the stream and the body of %s', (name) => {
    expect([
      findGrammarFault(eventsOfText(readFixture(`openai-chat/${name}.2026-11.sse`))),
      findGrammarFault(eventsOfBody(bodyOf(name))),
    ]).toEqual([undefined, undefined]);
  });

  it('reads a text answer with its usage (C122)', () => {
    expect(streamed('text')).toEqual({
      id: 'chatcmpl-AaText0001',
      model: 'gpt-4.1-2025-04-14',
      createdAt: 1795800000,
      blocks: [{ kind: 'text', text: 'Zürich is 你好 🎉.', annotations: [] }],
      stop: { reason: 'stop', raw: 'stop' },
      usage: {
        inputTokens: 1000,
        cacheReadTokens: 400,
        cacheWriteTokens: 100,
        outputTokens: 12,
        reasoningTokens: 0,
      },
    });
  });

  it('keeps the exact text of arguments', () => {
    expect(streamed('tool-call').blocks[1]).toEqual({
      kind: 'tool-call',
      id: 'call_weather01',
      callKind: 'function',
      name: 'get_weather',
      args: '{"city":"Zürich 你好 🎉","order":1234567890123456789,"__proto__":{"x":1}}',
    });
  });

  it('keeps every digit of arguments that came as an object', () => {
    expect(streamed('parsed-arguments').blocks).toMatchObject([
      { id: 'call_obj1', args: '{"id":1234567890123456789,"name":"Zürich"}' },
      { id: 'call_obj2', args: '{}' },
    ]);
  });

  it('reads interleaved calls apart, and gives the one without arguments an empty object', () => {
    expect(streamed('parallel-tools').blocks).toMatchObject([
      { name: 'get_weather', args: '{"city":"Bern"}' },
      { name: 'get_time', args: '{"zone":"CET"}' },
      { name: 'list_cities', args: '{}' },
    ]);
  });

  it('keeps a call that was cut by the token limit as it came', () => {
    expect(streamed('max-tokens')).toMatchObject({
      blocks: [{ kind: 'text' }, { kind: 'tool-call', args: '{"path":"a.txt","text":"unfin' }],
      stop: { reason: 'length', raw: 'length' },
    });
  });

  it('reads reasoning, then text, as two blocks (C021, C023)', () => {
    expect(streamed('reasoning')).toMatchObject({
      blocks: [
        { kind: 'reasoning', raw: 'Two plus two …', summary: [] },
        { kind: 'text', text: 'Four.' },
      ],
      usage: { outputTokens: 30, reasoningTokens: 24 },
    });
  });

  it('reads reasoning, then a call without text (C022)', () => {
    expect(streamed('reasoning-tool').blocks).toMatchObject([
      { kind: 'reasoning', raw: 'I need the weather.' },
      { kind: 'tool-call', id: 'get_weather:0', args: '{"city":"Bern"}' },
    ]);
  });

  it('takes reasoning that came under two names once, and its state', () => {
    expect(streamed('reasoning-details').blocks[0]).toEqual({
      kind: 'reasoning',
      raw: 'Weigh it up.',
      summary: [],
      opaque: {
        issuer: 'openai-chat',
        family: '',
        kind: 'encrypted_content',
        data: '{"state":"gAAAAABkZXRhaWw=","id":"rs_1","format":"openai-responses-v1"}',
      },
    });
  });

  it('reads content that is a list of thinking and text', () => {
    expect(streamed('thinking-parts').blocks).toMatchObject([
      { kind: 'reasoning', raw: 'Let me see.' },
      { kind: 'text', text: 'Yes.' },
    ]);
  });

  it('reads a refusal as a block of its own and as the reason to stop', () => {
    expect(streamed('refusal')).toMatchObject({
      blocks: [{ kind: 'refusal', text: "I can't help with that." }],
      stop: { reason: 'refusal', raw: 'stop' },
    });
  });

  it('reads citations with their offsets', () => {
    expect(streamed('citations').blocks[0]).toMatchObject({
      annotations: [
        { kind: 'url', url: 'https://example.com/zh', title: 'Zürich', start: 0, end: 6 },
        { kind: 'url', url: 'https://example.com/b', title: 'B', start: 7, end: 20 },
      ],
    });
  });

  it('reads the free text of a custom tool call', () => {
    expect(streamed('custom-tool').blocks).toEqual([
      {
        kind: 'tool-call',
        id: 'call_patch',
        callKind: 'custom',
        name: 'apply_patch',
        args: '*** Begin Patch\n+ "Grüezi"\n*** End Patch',
      },
    ]);
  });

  it('finds usage that stands inside the choice', () => {
    expect(streamed('usage-in-choice').usage).toMatchObject({ inputTokens: 19, cacheReadTokens: 16 });
  });
});
