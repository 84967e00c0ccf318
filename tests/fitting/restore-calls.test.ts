import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallRestorer, unwrapInput, wrapInput } from '../../src/fitting/restore-calls.ts';
import type { RestoredTool } from '../../src/fitting/restore-calls.ts';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { BlockHead, StreamEvent } from '../../src/kernel/stream-event.ts';
import { grammaticalEvents } from '../support/arbitrary-events.ts';
import { findGrammarFault } from '../support/grammar.ts';

const TOOLS: ReadonlyMap<string, RestoredTool> = new Map([
  ['apply_patch', { name: 'apply_patch', callKind: 'custom' }],
  ['ns__read', { name: 'read', namespace: 'ns', callKind: 'function' }],
  ['mcp_write', { name: 'mcp.write', callKind: 'function' }],
]);

function restored(events: readonly StreamEvent[], tools = TOOLS): StreamEvent[] {
  const out: StreamEvent[] = [];
  const push = createCallRestorer(tools, (event) => out.push(event));
  events.forEach(push);
  return out;
}

const start: StreamEvent = { type: 'reply-start', id: 'r', model: 'm' };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'tool-calls' } };
const open = (index: number, name: string, more: Partial<BlockHead> = {}): StreamEvent => ({
  ...{ type: 'block-start', index },
  block: { kind: 'tool-call', id: `c${index}`, callKind: 'function', name, ...more } as BlockHead,
});
const delta = (index: number, text: string): StreamEvent => ({ type: 'block-delta', index, text });
const close = (index: number): StreamEvent => ({ type: 'block-end', index });

/** Any text of UTF-16 units, halves of pairs among them. */
const anyText = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 40,
  }),
  fc.constantFrom('', '{"input":"x"}', '12345678901234567890', '\u0001' + '0', '*** Begin Patch\n+"é"\n'),
);

/** A text in pieces. */
const pieces = (text: string, sizes: readonly number[]): string[] => {
  const cuts = sizes.map((size) => size % (text.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => text.slice(from, cuts[index] ?? text.length));
};

describe('free text that was wrapped as an argument', () => {
  it('comes back whole, however the model writes its JSON and the stream is cut', () => {
    const writing = fc.constantFrom<((text: string) => string)[]>(
      wrapInput,
      (text) => JSON.stringify({ input: text }, null, 2),
      (text) => JSON.stringify({ other: 12345678901234567890n.toString(), input: text }),
    );
    fc.assert(
      fc.property(anyText, writing, fc.array(fc.nat(), { maxLength: 6 }), (text, write, sizes) => {
        const deltas = pieces(write(text), sizes).map((piece) => delta(0, piece));
        const { blocks } = collectReply(restored([start, open(0, 'apply_patch'), ...deltas, close(0), end]));
        expect(blocks).toEqual([
          { kind: 'tool-call', id: 'c0', callKind: 'custom', name: 'apply_patch', args: text },
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it('is told in one piece at the end, for it stands inside of JSON, C074', () => {
    const events = restored([
      start,
      open(0, 'apply_patch'),
      delta(0, '{"input":"a'),
      delta(0, 'b"}'),
      close(0),
    ]);
    expect(events).toEqual([start, open(0, 'apply_patch', { callKind: 'custom' }), delta(0, 'ab'), close(0)]);
  });

  it.each<[string, string]>([
    ['bare text', '*** Begin Patch'],
    ['JSON without the argument', '{"patch":"x"}'],
    ['an argument that is no text', '{"input":{"a":1}}'],
    ['a list', '["input"]'],
    ['JSON that was cut', '{"input":"x'],
    ['members that are inherited', '{"__proto__":{"input":"x"}}'],
  ])('is all that the model wrote when that is %s', (_name, args) => {
    expect(unwrapInput(args)).toBe(args);
  });

  it('tells nothing where the model wrote nothing', () => {
    const events = [start, open(0, 'apply_patch'), delta(0, '{"input":""}'), close(0), end];
    expect(restored(events).map(({ type }) => type)).toEqual([
      ...['reply-start', 'block-start', 'block-end', 'reply-end'],
    ]);
  });

  it('is kept apart from that of a call that goes on beside it', () => {
    const out = restored([
      ...[start, open(0, 'apply_patch'), open(1, 'apply_patch'), open(2, 'other')],
      ...[delta(1, '{"input":'), delta(0, '{"input":"0"}'), delta(2, '{}'), delta(1, '"1"}')],
      ...[close(1), close(0), close(2), end],
    ]);
    const args = collectReply(out).blocks.map((block) => (block.kind === 'tool-call' ? block.args : ''));
    expect(args).toEqual(['0', '1', '{}']);
    expect(findGrammarFault(out)).toBeUndefined();
  });
});

describe('createCallRestorer', () => {
  it.each<[string, string, Partial<BlockHead>]>([
    ['a namespace, C076', 'ns__read', { name: 'read', namespace: 'ns' }],
    ['a name that was rewritten, C081', 'mcp_write', { name: 'mcp.write' }],
  ])('gives calls %s back and streams their arguments', (_name, wire, head) => {
    expect(restored([start, open(0, wire), delta(0, '{"a":'), delta(0, '1}'), close(0)])).toEqual([
      ...[start, open(0, wire, head), delta(0, '{"a":'), delta(0, '1}'), close(0)],
    ]);
  });

  it('keeps the state of a call that it restores', () => {
    const opaque = { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 's' } as const;
    expect(restored([open(0, 'ns__read', { opaque })])).toEqual([
      open(0, 'ns__read', { name: 'read', namespace: 'ns', opaque }),
    ]);
  });

  it('leaves calls alone that are free text already', () => {
    const events = [
      start,
      open(0, 'apply_patch', { callKind: 'custom' }),
      delta(0, '{"input":"x"}'),
      close(0),
    ];
    expect(restored(events)).toEqual(events);
  });

  it('passes everything else on as it is', () => {
    fc.assert(
      fc.property(grammaticalEvents, (events) => {
        expect(restored(events)).toEqual(events);
      }),
    );
  });

  it('passes an error in the middle of a call on at once', () => {
    const error: StreamEvent = { type: 'error', error: new GatewayError('stream-cut', 'cut') };
    expect(restored([start, open(0, 'apply_patch'), delta(0, '{"inp'), error]).at(-1)).toBe(error);
  });
});
