import { describe, expect, it } from 'vitest';
import type { OpaqueState } from '../../src/kernel/conversation.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { replayReply } from '../../src/kernel/replay-reply.ts';
import type { Block } from '../../src/kernel/reply.ts';
import { createStateMemory } from '../../src/pipeline/state-memory.ts';
import type { TenantMemory } from '../../src/pipeline/state-memory.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';

const HOUR_MS = 60 * 60 * 1000;
/** More than a third of what is kept, and less than half. */
const LARGE = 13 * 1024 * 1024;

const state = (data: string): OpaqueState => ({ issuer: 'us', family: '', kind: 'signature', data });
const call = (id: string, opaque?: OpaqueState): Block => ({
  ...{ kind: 'tool-call', id, callKind: 'function', name: 'f', args: '{}' },
  ...(opaque !== undefined && { opaque }),
});
const thought = (raw: string, opaque?: OpaqueState): Block => ({
  ...{ kind: 'reasoning', raw, summary: [] },
  ...(opaque !== undefined && { opaque }),
});

interface Room {
  readonly clock: FakeClock;
  /** What the client with this authorization has. */
  readonly of: (authorization: string) => TenantMemory;
}

function room(): Room {
  const clock = createFakeClock();
  const memory = createStateMemory(clock);
  return { clock, of: (value) => memory.of((name) => (name === 'authorization' ? value : undefined)) };
}

/** Lets the memory see a whole answer of these blocks. */
const see = (memory: TenantMemory, ...blocks: Block[]): void =>
  replayReply({ id: 'r', model: 'm', blocks, stop: { reason: 'tool-calls' } }, memory.watch());

describe('createStateMemory', () => {
  it('remembers what was thought before the first call, and the state of every call, C064', () => {
    const memory = room().of('a');
    see(
      memory,
      thought('hm', state('s1')),
      { kind: 'text', text: 'so', annotations: [] },
      { kind: 'reasoning', raw: '', summary: ['one', 'two'], opaque: state('s2') },
      thought('', state('s3')),
      call('first', state('c1')),
      call('second', state('c2')),
      call('third'),
    );
    expect(memory.recall('first')).toMatchObject({
      reasoning: [
        { kind: 'reasoning', raw: 'hm', opaque: state('s1') },
        { kind: 'reasoning', summary: ['one', 'two'], opaque: state('s2') },
        { kind: 'reasoning', opaque: state('s3') },
      ],
      opaque: state('c1'),
    });
    expect(memory.recall('second')).toMatchObject({ reasoning: [], opaque: state('c2') });
    expect(memory.recall('third')).toBeUndefined();
  });

  it('names no words where there were none', () => {
    const memory = room().of('a');
    see(memory, thought('', state('s')), call('c'));
    expect(memory.recall('c')?.reasoning).toStrictEqual([{ kind: 'reasoning', opaque: state('s') }]);
  });

  it.each<[string, Block[]]>([
    ['words without state', [thought('hm'), call('c')]],
    ['a call without thoughts', [call('c')]],
    ['thoughts without a call', [thought('hm', state('s'))]],
  ])('remembers nothing of %s', (_name, blocks) => {
    const memory = room().of('a');
    see(memory, ...blocks);
    expect(memory.recall('c')).toBeUndefined();
  });

  it('remembers nothing of an answer that failed', () => {
    const memory = room().of('a');
    const push = memory.watch();
    push({ type: 'reply-start', id: 'r', model: 'm' });
    push({
      type: 'block-start',
      index: 0,
      block: { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', opaque: state('s') },
    });
    push({ type: 'error', error: new GatewayError('stream-cut', 'cut') });
    expect(memory.recall('c')).toBeUndefined();
  });

  it('lets the latest answer with a call of an id stand', () => {
    const memory = room().of('a');
    see(memory, call('c', state('old')));
    see(memory, call('c', state('new')));
    expect(memory.recall('c')?.opaque).toEqual(state('new'));
  });
});

describe('a client', () => {
  it("is not told of another client's answers", () => {
    const { of } = room();
    see(of('Bearer a'), call('c', state('s')));
    expect(of('Bearer b').recall('c')).toBeUndefined();
    expect(of('Bearer a').recall('c')?.opaque).toEqual(state('s'));
  });

  it.each(['authorization', 'x-api-key'])('is known by its header %s', (header) => {
    const memory = createStateMemory(createFakeClock());
    const of = (value: string): TenantMemory => memory.of((name) => (name === header ? value : undefined));
    see(of('key-1'), call('c', state('s')));
    expect([of('key-1').recall('c')?.opaque, of('key-2').recall('c')]).toEqual([state('s'), undefined]);
  });

  it('without a credential shares with others without one', () => {
    const memory = createStateMemory(createFakeClock());
    see(
      memory.of(() => undefined),
      call('c', state('s')),
    );
    expect(memory.of(() => undefined).recall('c')?.opaque).toEqual(state('s'));
  });
});

describe('what nobody asks for', () => {
  it('is forgotten after an hour, and not before', () => {
    const { clock, of } = room();
    see(of('a'), call('c', state('s')), call('d', state('s')));
    clock.advance(HOUR_MS - 1);
    const early = of('a').recall('c');
    clock.advance(1);
    expect([early?.opaque, of('a').recall('d')]).toEqual([state('s'), undefined]);
  });

  it('is forgotten though what was asked for meanwhile is not', () => {
    const { clock, of } = room();
    see(of('a'), call('asked', state('s')), call('unasked', state('s')));
    clock.advance(HOUR_MS / 2);
    of('a').recall('asked');
    clock.advance(HOUR_MS / 2);
    expect([of('a').recall('unasked'), of('a').recall('asked')?.opaque]).toEqual([undefined, state('s')]);
  });

  it('goes first when there is too much of everybody', () => {
    const { of } = room();
    const large = state('x'.repeat(LARGE));
    see(of('a'), call('asked', large));
    see(of('b'), call('unasked', large));
    of('a').recall('asked');
    see(of('c'), call('new', large));
    expect([
      of('a').recall('asked') !== undefined,
      of('b').recall('unasked') !== undefined,
      of('c').recall('new') !== undefined,
    ]).toEqual([true, false, true]);
  });

  it.each<[string, Block[]]>([
    ['words', [thought('x'.repeat(40 * 1024 * 1024), state('s')), call('huge')]],
    ['state', [thought('', state('x'.repeat(40 * 1024 * 1024))), call('huge')]],
    [
      'a summary',
      [
        { kind: 'reasoning', raw: '', summary: ['x'.repeat(40 * 1024 * 1024)], opaque: state('s') },
        call('huge'),
      ],
    ],
  ])('is not kept at all when its %s alone are too much', (_name, blocks) => {
    const memory = room().of('a');
    see(memory, ...blocks);
    expect(memory.recall('huge')).toBeUndefined();
  });

  it('makes room for itself when an answer comes again', () => {
    const { of } = room();
    const large = state('x'.repeat(LARGE));
    see(of('a'), call('other', large));
    see(of('a'), call('again', large));
    see(of('a'), call('again', large));
    see(of('a'), call('again', large));
    expect(of('a').recall('other')?.opaque).toEqual(large);
  });
});
