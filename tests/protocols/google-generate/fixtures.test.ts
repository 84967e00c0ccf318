import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import { findGrammarFault } from '../../support/grammar.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { eventsOfBody, eventsOfText } from './support.ts';

const NAMES = [
  'blocked-prompt',
  'chunk-list',
  'code-execution',
  'continuation',
  'grounding',
  'interleaved',
  'max-tokens',
  'parallel-tools',
  'reasoning',
  'safety',
  'signed-text',
  'text',
  'tool-call',
];

const eventsOfStream = (name: string) => eventsOfText(readFixture(`google-generate/${name}.2026-11.sse`));
const eventsOfWhole = (name: string) =>
  eventsOfBody(parseJson(readFixture(`google-generate/${name}.2026-11.json`)));
const streamed = (name: string) => collectReply(eventsOfStream(name));

describe('google-generate fixtures', () => {
  it.each(NAMES)('folds the stream of %s to the same answer as its body', (name) => {
    expect(streamed(name)).toEqual(collectReply(eventsOfWhole(name)));
  });

  it.each(NAMES)('keeps the grammar of events in the stream and the body of %s', (name) => {
    expect([findGrammarFault(eventsOfStream(name)), findGrammarFault(eventsOfWhole(name))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('reads a text answer with its usage and time, past an end mark of another dialect', () => {
    expect(streamed('text')).toEqual({
      id: 'r-text',
      model: 'gemini-3.8-flash',
      createdAt: 1795428000,
      blocks: [{ kind: 'text', text: 'Zürich is 你好 🎉.', annotations: [] }],
      stop: { reason: 'stop', raw: 'STOP' },
      usage: {
        inputTokens: 1000,
        cacheReadTokens: 400,
        cacheWriteTokens: 0,
        outputTokens: 12,
        reasoningTokens: 0,
      },
    });
  });

  it('keeps every digit and key of arguments, and the signature of the call', () => {
    expect(streamed('tool-call').blocks[1]).toEqual({
      kind: 'tool-call',
      id: 'k3v9xq2a',
      callKind: 'function',
      name: 'get_weather',
      args: '{"city":"Zürich 你好 🎉","order":1234567890123456789,"ratio":1.5,"__proto__":{"x":1}}',
      opaque: { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'EsYCCsMCAdHtim8=' },
    });
  });

  it('ends with tool calls when the end comes after the chunk of the call (C059)', () => {
    expect(streamed('tool-call').stop).toEqual({ reason: 'tool-calls', raw: 'STOP' });
  });

  it('reads several calls of one chunk apart, and gives the one without arguments an empty object', () => {
    expect(streamed('parallel-tools').blocks).toMatchObject([
      { id: 'aa11bb22', name: 'get_weather', args: '{"city":"Bern"}', opaque: { data: 'EpAB11==' } },
      { id: 'cc33dd44', name: 'get_time', args: '{"zone":"CET"}' },
      { id: 'ee55ff66', name: 'list_cities', args: '{}' },
    ]);
  });

  it('reads thoughts as a summary, and counts them as output (C124)', () => {
    expect(streamed('reasoning')).toMatchObject({
      blocks: [
        { kind: 'reasoning', raw: '', summary: ['**Adding**\n\nTwo plus two.'] },
        { kind: 'text', text: 'Four.' },
      ],
      usage: { inputTokens: 15, outputTokens: 1020, reasoningTokens: 661 },
    });
  });

  it('keeps thoughts and text that alternate in their order (C039)', () => {
    expect(streamed('interleaved').blocks).toMatchObject([
      { kind: 'reasoning', summary: ['First thought.'] },
      { kind: 'text', text: 'First answer. ' },
      { kind: 'reasoning', summary: ['Second thought.'] },
      { kind: 'text', text: 'Second answer.' },
    ]);
  });

  it('keeps the signature of a text in a block of its own behind it', () => {
    expect(streamed('signed-text').blocks).toEqual([
      { kind: 'text', text: 'Grüezi.', annotations: [] },
      {
        kind: 'reasoning',
        raw: '',
        summary: [],
        opaque: { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'EjQKMgFs' },
      },
    ]);
  });

  it('turns byte offsets of sources into UTF-16 units (C043)', () => {
    const text = 'Zürich is 你好 🎉.';
    expect(streamed('grounding').blocks).toEqual([
      {
        kind: 'text',
        text,
        annotations: [
          { kind: 'url', url: 'https://example.com/zh', title: 'Zürich', start: 0, end: 6 },
          { kind: 'url', url: 'https://example.com/zh', title: 'Zürich', start: 10, end: 15 },
          { kind: 'url', url: 'https://example.com/hi', title: 'Hello', start: 10, end: 15 },
        ],
      },
    ]);
  });

  it('counts what a hosted tool read as input', () => {
    expect(streamed('grounding').usage).toMatchObject({ inputTokens: 120, outputTokens: 9 });
  });

  it('keeps the parts of a hosted tool as they came', () => {
    expect(streamed('code-execution').blocks).toMatchObject([
      { kind: 'text', text: 'Running. ' },
      { kind: 'hosted', protocol: 'google-generate', raw: { executableCode: { code: 'print(2**70)' } } },
      { kind: 'hosted', raw: { codeExecutionResult: { outcome: 'OUTCOME_OK' } } },
      { kind: 'text', text: 'Done.' },
    ]);
  });

  it('takes the token under which a broken answer goes on (C132)', () => {
    expect(streamed('continuation')).toMatchObject({
      blocks: [{ text: 'Part one' }],
      stop: { reason: 'length', resume: [{ key: 'continuationToken', value: 'Q29udA==' }] },
    });
  });

  it('reads a refused prompt as an empty answer that the filter ended (C038)', () => {
    expect(streamed('blocked-prompt')).toMatchObject({
      blocks: [],
      stop: { reason: 'content-filter', raw: 'PROHIBITED_CONTENT', explanation: 'The prompt was blocked.' },
      usage: { inputTokens: 7, outputTokens: 0 },
    });
  });
});
