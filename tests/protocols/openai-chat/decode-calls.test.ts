import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { callDelta, delta, errorOf, eventsOf, eventsOfText, replyOf } from './support.ts';

const finish = delta({}, 'tool_calls');

describe('openai-chat calls in a stream', () => {
  it('lets an empty content between arguments close nothing (C047)', () => {
    const reply = replyOf(
      callDelta({ index: 0, id: 'c', function: { name: 'f', arguments: '{"a":' } }),
      delta({ content: '' }),
      callDelta({ index: 0, function: { arguments: '1}' } }),
      finish,
    );
    expect(reply.blocks).toMatchObject([{ kind: 'tool-call', args: '{"a":1}' }]);
  });

  it('tells calls without an index apart by their ids (C049)', () => {
    const reply = replyOf(
      callDelta({ id: 'a', function: { name: 'f', arguments: '{"x":' } }),
      callDelta({ id: 'b', function: { name: 'f', arguments: '{"y":' } }),
      callDelta({ id: 'a', function: { arguments: '1}' } }),
      callDelta({ id: 'b', function: { arguments: '2}' } }),
      finish,
    );
    expect(reply.blocks).toMatchObject([
      { id: 'a', args: '{"x":1}' },
      { id: 'b', args: '{"y":2}' },
    ]);
  });

  it('continues the last call when a piece has neither index nor id (C049)', () => {
    const reply = replyOf(
      callDelta({ function: { name: 'f', arguments: '{"x":' } }),
      callDelta({ function: { arguments: '1}' } }),
      callDelta({ function: { name: 'g', arguments: '{}' } }),
      finish,
    );
    expect(reply.blocks).toMatchObject([
      { name: 'f', args: '{"x":1}' },
      { name: 'g', args: '{}' },
    ]);
  });

  it('takes whole calls of one function without index and id for several', () => {
    const call = (args: string) => ({ function: { name: 'f', arguments: args } });
    expect(replyOf(callDelta(call('{"n":1}'), call('{"n":2}')), finish).blocks).toMatchObject([
      { args: '{"n":1}' },
      { args: '{"n":2}' },
    ]);
  });

  it('keeps arguments that come before the name (C050)', () => {
    const reply = replyOf(
      callDelta({ index: 0, id: 'c', function: { arguments: '{"a"' } }),
      callDelta({ index: 0, function: { name: 'f', arguments: ':1' } }),
      callDelta({ index: 0, function: { arguments: '}' } }),
      finish,
    );
    expect(reply.blocks).toMatchObject([{ id: 'c', name: 'f', args: '{"a":1}' }]);
  });

  it('takes an id and a name on every chunk for one call (C051)', () => {
    const piece = (args: string) =>
      callDelta({ index: 0, id: 'c', function: { name: 'f', arguments: args } });
    expect(replyOf(piece('{"a"'), piece(':1}'), piece(''), finish).blocks).toMatchObject([
      { id: 'c', name: 'f', args: '{"a":1}' },
    ]);
  });

  it('takes changing ids without a name for one call', () => {
    const reply = replyOf(
      callDelta({ index: 0, id: 'r1', function: { name: 'f', arguments: '{}' } }),
      callDelta({ index: 0, id: 'r2', function: { name: '', arguments: ' ' } }),
      finish,
    );
    expect(reply.blocks).toMatchObject([{ id: 'r1', args: '{} ' }]);
  });

  it('makes one id for a call without any (C052)', () => {
    const events = eventsOf(
      callDelta({ index: 0, function: { name: 'f', arguments: '{"a"' } }),
      callDelta({ index: 0, function: { arguments: ':1}' } }),
      finish,
    );
    const starts = events.filter((event) => event.type === 'block-start');
    expect(starts).toHaveLength(1);
    expect(starts[0]?.block).toMatchObject({ id: expect.stringMatching(/^call_\w{24}$/) as string });
  });

  it('reports a call that never gets a name (C053)', () => {
    const events = eventsOf(
      callDelta({ index: 0, id: 'c', function: { arguments: '{}' } }),
      finish,
      '[DONE]',
    );
    expect(errorOf(events)).toMatchObject({
      kind: 'bad-upstream',
      message: 'the upstream sent a tool call without a name',
    });
  });

  it.each([
    ['whose arguments are whole', 'f', '{"a":1}'],
    ['of another name', 'g', ''],
  ])('begins a new call when a vendor reuses the index after a call %s', (_case, name, args) => {
    const reply = replyOf(
      callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: args } }),
      callDelta({ index: 0, id: 'b', function: { name, arguments: '{"b"' } }),
      callDelta({ index: 0, function: { arguments: ':2}' } }),
      finish,
    );
    expect(reply.blocks).toMatchObject([{ id: 'a' }, { id: 'b', args: '{"b":2}' }]);
  });

  const named = (name: string, args: string, id = '') =>
    callDelta({ index: 0, id, function: { name, arguments: args } });

  it.each([
    ['of other names', 'a', '{"x":1}', 'b', '{"y":2}'],
    ['of one name', 'a', '{"x":1}', 'a', '{"y":2}'],
    ['without arguments', 'a', '{}', 'b', '{}'],
  ])('tells whole calls %s apart that come under one index and no id', (_what, name, args, other, more) => {
    const reply = replyOf(named(name, args), named(other, more), finish);
    expect(reply.blocks).toMatchObject([
      { name, args },
      { name: other, args: more },
    ]);
    expect(new Set(reply.blocks.map((block) => block.kind === 'tool-call' && block.id)).size).toBe(2);
  });

  it('gives a call an id of its own whose id another has', () => {
    const { blocks } = replyOf(named('a', '{"x":1}', 'c'), named('b', '{"y":2}', 'c'), finish);
    expect(blocks).toMatchObject([{ id: 'c' }, { id: expect.stringMatching(/^call_\w{24}$/) as string }]);
  });

  it('loses no call without arguments whose index and name another has', () => {
    expect(replyOf(named('f', '', 'a'), named('f', '', 'b'), finish).blocks).toMatchObject([
      { id: 'a', args: '{}' },
      { id: 'b', args: '{}' },
    ]);
  });

  it.each([
    ['names it again at the end', [named('f', '{"a":1}'), named('f', '')]],
    ['gives its id late', [named('f', ''), named('f', '{"a":', 'c'), named('f', '1}', 'c')]],
    ['gives another name before it is whole', [named('f', '{"a":'), named('g', '1}')]],
  ])('stays with one call where a vendor %s', (_what, pieces) => {
    expect(replyOf(...pieces, finish).blocks).toMatchObject([{ name: 'f', args: '{"a":1}' }]);
  });

  it.each([
    ['arguments', ['{}', '{"x":', '1}'], '{"x":1}'],
    ['arguments at once', ['{ }', '{"x":1}'], '{"x":1}'],
    ['the same again', ['{}', '{}'], '{}'],
    ['nothing', ['{}'], '{}'],
  ])('holds an empty object back until it knows that it is not followed by %s', (_what, pieces, args) => {
    const [first = '', ...others] = pieces;
    const events = eventsOf(
      named('f', first, 'c'),
      ...others.map((piece) => callDelta({ index: 0, function: { arguments: piece } })),
      finish,
      '[DONE]',
    );
    expect(collectReply(events).blocks).toMatchObject([{ id: 'c', args }]);
  });

  it('holds nothing back of free text', () => {
    const piece = (input: string) =>
      callDelta({ index: 0, id: 'c', type: 'custom', custom: { name: 'f', input } });
    expect(replyOf(piece('{}'), piece('{"x":1}'), finish).blocks).toMatchObject([{ args: '{}{"x":1}' }]);
  });

  it('ignores entries that say nothing', () => {
    expect(
      replyOf(delta({ content: 'a' }), callDelta({ index: 0, function: {} }), delta({}, 'stop')),
    ).toMatchObject({
      blocks: [{ kind: 'text' }],
      stop: { reason: 'stop' },
    });
  });

  it('reads the old function_call as the first call', () => {
    const reply = replyOf(
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{"a":1}' } }),
      delta({}, 'function_call'),
    );
    expect(reply).toMatchObject({
      blocks: [{ name: 'f', args: '{"a":1}' }],
      stop: { reason: 'tool-calls', raw: 'function_call' },
    });
  });

  it('reads the calls alone where a vendor repeats the first in function_call', () => {
    const body = { name: 'f', arguments: '{}' };
    expect(
      replyOf(delta({ tool_calls: [{ index: 0, id: 'c', function: body }], function_call: body }), finish)
        .blocks,
    ).toHaveLength(1);
  });

  it('reads old arguments that came as an object, with every digit', () => {
    const json =
      '{"choices":[{"delta":{"function_call":{"name":"f","arguments":{"n":1234567890123456789}}}}]}';
    const events = eventsOfText(`data: ${json}\n\ndata: [DONE]\n\n`);
    expect(collectReply(events).blocks).toMatchObject([{ args: '{"n":1234567890123456789}' }]);
  });

  it('reads a custom call whose type is missing by its member', () => {
    const reply = replyOf(callDelta({ index: 0, id: 'c', custom: { name: 'f', input: 'free' } }), finish);
    expect(reply.blocks).toMatchObject([{ callKind: 'custom', args: 'free' }]);
  });

  it('leaves a custom call without input empty', () => {
    const reply = replyOf(callDelta({ index: 0, id: 'c', type: 'custom', custom: { name: 'f' } }), finish);
    expect(reply.blocks).toMatchObject([{ callKind: 'custom', args: '' }]);
  });
});
