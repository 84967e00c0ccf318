import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { bytesOf } from '../../support/chunks.ts';
import { findGrammarFault } from '../../support/grammar.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { eventsOf, replyOf, replyOfBody } from './setup.ts';

const NAMES = [
  'text',
  'tool-call',
  'parallel-tools',
  'reasoning',
  'reasoning-tool',
  'max-tokens',
  'refusal',
  'stop-sequence',
  'web-search',
  'empty',
];
const read = (name: string, form: 'sse' | 'json'): string =>
  readFixture(`anthropic-messages/${name}.2026-11.${form}`);

describe.each(NAMES)('anthropic-messages answer %s', (name) => {
  it('is the same as a stream and as one body', () => {
    expect(replyOf(read(name, 'sse'))).toEqual(replyOfBody(read(name, 'json')));
  });

  it.each([1, 7, 4096])('is the same in chunks of %i bytes', (size) => {
    const text = read(name, 'sse');
    expect(collectReply(eventsOf(text, { size }))).toEqual(replyOf(text));
  });

  it('keeps the grammar of events', () => {
    expect(findGrammarFault(eventsOf(read(name, 'sse')))).toBeUndefined();
  });

  it('is reported as cut where the stream breaks off before its stop reason', () => {
    const text = read(name, 'sse');
    const events = eventsOf(text.slice(0, text.indexOf('event: message_delta')));
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { kind: 'stream-cut', status: 502 } });
    expect(findGrammarFault(events)).toBeUndefined();
  });
});

it('loses no character however the bytes of an event are split (C002)', () => {
  const text = read('tool-call', 'sse');
  const args = replyOf(text).blocks.find(({ kind }) => kind === 'tool-call');
  expect(bytesOf(text).length).toBeGreaterThan(text.length);
  expect(args).toMatchObject({
    name: 'find_order',
    args: '{"city":"Zürich 你好 🎉","order":9007199254740993123,"exact":true,"tags":["a","b"]}',
  });
});
