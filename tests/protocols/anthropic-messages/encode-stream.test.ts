import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { NO_USAGE } from '../../../src/kernel/reply.ts';
import type { BlockHead, StreamEvent } from '../../../src/kernel/stream-event.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { answerContext, eventsOf, requireClient, streamOf } from './setup.ts';

const START: StreamEvent = { type: 'reply-start', id: '', model: 'm' };
const END: StreamEvent = { type: 'reply-end', stop: { reason: 'tool-calls' } };
const open = (index: number, block: BlockHead): StreamEvent => ({ type: 'block-start', index, block });
const call = (index: number): StreamEvent =>
  open(index, { kind: 'tool-call', id: `c${index}`, callKind: 'function', name: 'f' });
const delta = (index: number, text: string): StreamEvent => ({ type: 'block-delta', index, text });
const close = (index: number): StreamEvent => ({ type: 'block-end', index });

/** Names of the events, with the number of the block where there is one. */
const outline = (text: string): string[] =>
  text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const name = /^event: (?:content_block_)?(\w+)/.exec(event)?.[1] ?? '';
      return name + (/"index":(\d+)/.exec(event)?.[1] ?? '');
    });

describe('anthropic-messages stream encoder', () => {
  it('tells ordinary text from start to stop, with no [DONE] (C008)', () => {
    const events = [START, open(0, { kind: 'text' }), delta(0, 'a'), delta(0, 'b'), close(0), END];
    const text = streamOf(events);
    expect(outline(text)).toEqual([
      'message_start',
      'ping',
      'start0',
      'delta0',
      'delta0',
      'stop0',
      'message_delta',
      'message_stop',
    ]);
    expect(text).not.toContain('[DONE]');
    expect(text).toContain(
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n',
    );
  });

  it('tells the input at the start when it is known, and totals at the end (C125)', () => {
    const known = { ...NO_USAGE, inputTokens: 9 };
    const text = streamOf([
      { ...START, usage: known },
      { type: 'usage', usage: { ...known, inputTokens: 12, outputTokens: 4 } },
      END,
    ]);
    expect(text).toContain('"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,');
    expect(text).toContain(
      '"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":4}',
    );
  });

  it('estimates the input until it is known', () => {
    const text = streamOf([
      { ...START, usage: NO_USAGE },
      { type: 'usage', usage: { ...NO_USAGE, inputTokens: 12, outputTokens: 4 } },
      END,
    ]);
    expect(text).toContain('"stop_sequence":null,"usage":{"input_tokens":7,');
    expect(text).toContain('"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":12,');
    expect(streamOf([START, END]).match(/"input_tokens":7/g)).toHaveLength(2);
  });

  it('tells a cut call as it came (C091)', () => {
    const text = streamOf([
      START,
      call(0),
      delta(0, '{"city":"Zü'),
      close(0),
      { type: 'reply-end', stop: { reason: 'length' } },
    ]);
    expect(text).toContain('"partial_json":"{\\"city\\":\\"Zü"');
    expect(text).toContain('"stop_reason":"max_tokens"');
  });

  it('tells arguments from their brace on, and others whole, at their end', () => {
    const encoder = requireClient().createStreamEncoder(answerContext());
    const said = [
      ...[START, call(0), delta(0, ' '), delta(0, '\n{"a"'), delta(0, ':1}'), close(0)],
      ...[call(1), delta(1, 'nu'), delta(1, 'll'), close(1)],
      ...[call(2), delta(2, '"{\\"a\\"'), delta(2, ':1.0}"'), close(2)],
    ].map((event) => [...encoder.push(event).matchAll(/"partial_json":(".*")/g)].map(([, json]) => json));
    expect(said.map(([json]) => json && (JSON.parse(json) as unknown))).toEqual([
      ...[undefined, undefined, undefined, ' \n{"a"', ':1}', undefined],
      ...[undefined, undefined, undefined, '{}'],
      ...[undefined, undefined, undefined, '{"a":1.0}'],
    ]);
  });

  it('puts interleaved calls one after the other (C045, C046)', () => {
    const text = streamOf([
      START,
      call(0),
      call(1),
      delta(0, '{"a"'),
      delta(1, '{"b"'),
      delta(0, ':1}'),
      delta(1, ':2}'),
      close(1),
      close(0),
      END,
    ]);
    expect(outline(text).slice(2, -2)).toEqual([
      'start0',
      'delta0',
      'delta0',
      'stop0',
      'start1',
      'delta1',
      'delta1',
      'stop1',
    ]);
  });

  it('streams the first block live and the next one as soon as that ends', () => {
    const encoder = requireClient().createStreamEncoder(answerContext());
    const said = [
      START,
      call(0),
      call(1),
      delta(1, '{"x"'),
      delta(0, '{}'),
      close(0),
      delta(1, ':1}'),
      call(2),
      close(2),
      close(1),
    ].map((event) => outline(encoder.push(event)));
    expect(said.slice(1)).toEqual([
      ['start0'],
      [],
      [],
      ['delta0'],
      ['stop0', 'start1', 'delta1'],
      ['delta1'],
      [],
      [],
      ['stop1', 'start2', 'stop2'],
    ]);
  });

  it('numbers blocks without a gap when some say nothing', () => {
    const text = streamOf([
      START,
      open(0, { kind: 'text' }),
      close(0),
      open(1, { kind: 'hosted', protocol: 'openai-responses', raw: {} }),
      close(1),
      open(2, { kind: 'reasoning' }),
      close(2),
      call(3),
      close(3),
      END,
    ]);
    expect(outline(text).slice(2, -2)).toEqual(['start0', 'stop0']);
  });

  it('closes reasoning before text (C021)', () => {
    const text = streamOf([
      START,
      open(0, { kind: 'reasoning' }),
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'hm' },
      { type: 'opaque', index: 0, opaque: { issuer: 'anthropic', family: '', kind: 'signature', data: 's' } },
      close(0),
      open(1, { kind: 'text' }),
      delta(1, 'a'),
      close(1),
      END,
    ]);
    expect(outline(text).slice(2, -2)).toEqual([
      'start0',
      'delta0',
      'delta0',
      'stop0',
      'start1',
      'delta1',
      'stop1',
    ]);
    expect(text.indexOf('signature_delta')).toBeGreaterThan(text.indexOf('thinking_delta'));
  });

  it('leaves out citations, which only Anthropic can number, and probabilities', () => {
    const text = streamOf([
      START,
      open(0, { kind: 'text' }),
      delta(0, 'a'),
      { type: 'annotation', index: 0, annotation: { kind: 'url', url: 'u' } },
      { type: 'logprobs', index: 0, tokens: [{ token: 'a', logprob: -1, top: [] }] },
      close(0),
      END,
    ]);
    expect(outline(text)).toContain('delta0');
    expect(text).not.toMatch(/citation|logprob/);
  });

  it('ends with the error and says nothing afterwards (C133, C138)', () => {
    const error = new GatewayError('stream-cut', 'cut');
    const text = streamOf([
      START,
      open(0, { kind: 'text' }),
      delta(0, 'a'),
      { type: 'error', error },
      close(0),
      END,
    ]);
    expect(outline(text)).toEqual(['message_start', 'ping', 'start0', 'delta0', 'error']);
  });

  it('says nothing after the end', () => {
    expect(outline(streamOf([START, END, END])).at(-1)).toBe('message_stop');
    expect(outline(streamOf([START, END, START]))).toHaveLength(4);
  });

  it('stays alive by a ping event (C015)', () => {
    expect(requireClient().heartbeat).toBe('event: ping\ndata: {"type":"ping"}\n\n');
  });

  it.each(['text', 'tool-call', 'parallel-tools', 'reasoning', 'reasoning-tool', 'refusal', 'stop-sequence'])(
    'tells %s so that decoding gives the same events again',
    (name) => {
      const events = eventsOf(readFixture(`anthropic-messages/${name}.2026-11.sse`));
      const again = eventsOf(streamOf(events));
      expect(again.slice(1)).toEqual(events.slice(1));
    },
  );
});
