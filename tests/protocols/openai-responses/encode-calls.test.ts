import { describe, expect, it } from 'vitest';
import type { FunctionTool } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { listOf, writeJson } from '../../../src/kernel/json.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import type { Block, StopReason } from '../../../src/kernel/reply.ts';
import {
  answerContext,
  ask,
  client,
  encodeEvents,
  encodeStreamed,
  replyWith,
  wireEvents,
} from './support.ts';

const builtin = (type: string): FunctionTool => ({
  kind: 'function',
  at: 'tools[0]',
  name: type,
  builtin: type,
});
const context = answerContext(ask({ tools: ['local_shell', 'shell', 'apply_patch'].map(builtin) }));
const call = (name: string, args: string): Block => ({
  kind: 'tool-call',
  id: 'call_1',
  callKind: 'function',
  name,
  args,
});
const itemOf = (name: string, args: string, reason: StopReason = 'tool-calls'): Json | undefined =>
  listOf(client.encodeReply(replyWith([call(name, args)], { reason }), context)['output'])[0];
const id = expect.stringMatching(/^fc_px/) as string;
const deletion = '{"type":"delete_file","path":"a.txt"}';

describe('calls of built-in tools in an openai-responses answer', () => {
  it.each<[string, string, JsonObject]>([
    [
      'local_shell',
      '{"type":"exec","command":["ls","-l"],"env":{"A":"b"},"working_directory":"/tmp"}',
      {
        type: 'local_shell_call',
        action: { type: 'exec', command: ['ls', '-l'], env: { A: 'b' }, working_directory: '/tmp' },
      },
    ],
    [
      'local_shell',
      '{"command":["ls"]}',
      { type: 'local_shell_call', action: { type: 'exec', command: ['ls'], env: {} } },
    ],
    [
      'shell',
      '{"commands":["ls","pwd"],"timeout_ms":500}',
      {
        type: 'shell_call',
        action: { commands: ['ls', 'pwd'], timeout_ms: 500, max_output_length: null },
        environment: null,
      },
    ],
    [
      'apply_patch',
      '{"type":"update_file","path":"a.txt","diff":"@@\\n-a\\n+b"}',
      {
        type: 'apply_patch_call',
        operation: { type: 'update_file', path: 'a.txt', diff: '@@\n-a\n+b' },
      },
    ],
    [
      'apply_patch',
      deletion,
      { type: 'apply_patch_call', operation: { type: 'delete_file', path: 'a.txt' } },
    ],
  ])('come back in the form of %s: %s', (name, args, members) => {
    expect(itemOf(name, args)).toEqual({ id, call_id: 'call_1', status: 'completed', ...members });
  });

  it.each([
    ['shell', '{"commands":["ls'],
    ['shell', '["ls"]'],
    ['shell', '{"commands":"ls"}'],
    ['local_shell', '{"command":[1]}'],
    ['local_shell', ''],
    ['apply_patch', '{"type":"update_file","path":"a"}'],
    ['apply_patch', '{"type":"rename_file","path":"a","diff":""}'],
    ['apply_patch', '{"type":"create_file","diff":""}'],
  ])('come back as received where %s cannot be called with %s', (name, args) => {
    expect(itemOf(name, args)).toEqual({
      id,
      type: 'function_call',
      status: 'completed',
      call_id: 'call_1',
      name,
      arguments: args === '' ? '{}' : args,
    });
  });

  it('are told whole, without pieces of arguments', () => {
    const events = encodeStreamed(replyWith([call('shell', '{"commands":["ls"]}')]), context);
    expect(events.slice(2, -1)).toMatchObject([
      { type: 'response.output_item.added', item: { type: 'shell_call', status: 'in_progress', id } },
      { type: 'response.output_item.done', item: { type: 'shell_call', status: 'completed', id } },
    ]);
  });

  it('are told piece by piece as plain calls, under one id', () => {
    const events = encodeStreamed(replyWith([call('shell', '{"x')], { reason: 'length' }), context);
    const types = events.slice(2, -1).map(({ type }) => type.replace('response.', ''));
    expect(types).toEqual([
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ]);
    expect(events[5]).toMatchObject({ item: { status: 'incomplete', arguments: '{"x' } });
    expect(events[5]?.['item']).toHaveProperty('id', events[3]?.['item_id']);
  });

  it.each([
    ['shell', '{"commands":["ls"]}', 'incomplete'],
    ['apply_patch', deletion, 'in_progress'],
  ])('of %s are marked as cut short in a word that the form has', (name, args, status) => {
    expect(itemOf(name, args, 'length')).toMatchObject({ status });
  });

  it('are told as far as they came when the answer fails', () => {
    const error = new GatewayError('stream-cut', 'the upstream closed');
    const events = wireEvents(
      encodeEvents(
        [
          { type: 'reply-start', id: 'u', model: 'm' },
          {
            type: 'block-start',
            index: 0,
            block: { kind: 'tool-call', id: 'call_1', callKind: 'function', name: 'shell' },
          },
          { type: 'block-delta', index: 0, text: '{"comm' },
          { type: 'error', error },
        ],
        context,
      ),
    );
    expect(events.at(-1)?.['response']).toMatchObject({
      output: [{ type: 'function_call', status: 'incomplete', arguments: '{"comm' }],
    });
  });

  it('keep every digit of their numbers', () => {
    expect(writeJson(itemOf('shell', '{"commands":[],"timeout_ms":1234567890123456789}') ?? null)).toContain(
      '"timeout_ms":1234567890123456789',
    );
  });

  it.each<[string, FunctionTool]>([
    ['a tool of the client’s own making', { kind: 'function', at: 'tools[0]', name: 'shell' }],
    ['one whose form this dialect does not know', { ...builtin('shell'), builtin: 'bash_20250124' }],
  ])('are plain calls when the name is that of %s', (_name, tool) => {
    const reply = replyWith([call('shell', '{"commands":["ls"]}')]);
    expect(client.encodeReply(reply, answerContext(ask({ tools: [tool] })))['output']).toMatchObject([
      { type: 'function_call', name: 'shell' },
    ]);
  });

  it('are plain calls when they name a tool of a namespace', () => {
    const spaced: Block = { ...call('shell', '{"commands":[]}'), namespace: 'n' } as Block;
    expect(client.encodeReply(replyWith([spaced]), context)['output']).toMatchObject([
      { type: 'function_call', namespace: 'n' },
    ]);
  });

  it.each([
    ['local_shell', '{"command":["ls"],"env":{},"type":"exec"}'],
    ['shell', '{"timeout_ms":5,"commands":["ls"]}'],
    ['apply_patch', deletion],
  ])('of %s say the same again when the client sends them back', (name, args) => {
    const input = [itemOf(name, args) ?? null];
    const [turn] = client.decodeRequest({ model: 'm', input }, createLossLog()).turns;
    expect(turn?.role === 'assistant' && turn.parts).toMatchObject([
      { kind: 'tool-call', id: 'call_1', name },
    ]);
    const [part] = turn?.role === 'assistant' ? turn.parts : [];
    expect(JSON.parse(part?.kind === 'tool-call' ? part.args : '')).toEqual(JSON.parse(args));
  });
});
