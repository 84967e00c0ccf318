import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { call, decodeItems, output, refusalOfItems, turnsOf } from './client-request.ts';

describe('openai-responses calls and results', () => {
  it('keeps the exact arguments, and the namespace', () => {
    const args = '{"n":9223372036854775807, "__proto__":1}';
    expect(turnsOf(call('c1', { id: 'fc_1', arguments: args, namespace: 'mcp__gh' }))).toMatchObject([
      { parts: [{ id: 'c1', callKind: 'function', name: 'f', namespace: 'mcp__gh', args }] },
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['an object', { arguments: parseJson('{"n":9223372036854775807}') }, '{"n":9223372036854775807}'],
    ['nothing', { arguments: null }, ''],
  ])('reads arguments that are %s', (_form, members, args) => {
    expect(turnsOf(call('c1', members))).toMatchObject([{ parts: [{ args }] }]);
  });

  it('reads calls of tools that take free text, and their results (C075)', () => {
    const { request, notes } = decodeItems(
      {
        type: 'custom_tool_call',
        id: 'ctc_1',
        status: 'completed',
        call_id: 'c1',
        name: 'apply_patch',
        input: '*** Begin',
      },
      { type: 'custom_tool_call_output', call_id: 'c1', output: 'ok' },
    );
    expect(request.turns).toEqual([
      {
        role: 'assistant',
        at: 'input[0]',
        parts: [{ kind: 'tool-call', id: 'c1', callKind: 'custom', name: 'apply_patch', args: '*** Begin' }],
      },
      {
        role: 'tool',
        at: 'input[1]',
        results: [
          { at: 'input[1].call_id', callId: 'c1', callKind: 'custom', parts: [{ kind: 'text', text: 'ok' }] },
        ],
      },
    ]);
    expect(notes).toBe('');
  });

  it('reads a result without a word', () => {
    expect(turnsOf(output('c1', { output: '' }))).toMatchObject([
      { results: [{ callKind: 'function', parts: [] }] },
    ]);
  });

  it('notes what else calls and results hold', () => {
    expect(decodeItems(call('c', { mood: 1 }), output('c', { mood: 1 })).notes).toBe(
      'input[0].mood=ignored,input[1].mood=ignored',
    );
  });

  it.each<[JsonObject, string]>([
    [call('', {}), 'call_id'],
    [call('c', { call_id: undefined }), 'call_id'],
    [call('c', { name: '' }), 'name'],
    [call('c', { arguments: 5 }), 'arguments'],
    [call('c', { namespace: 5 }), 'namespace'],
    [{ type: 'custom_tool_call', call_id: 'c', name: 'n', input: 5 }, 'input'],
    [output('', {}), 'call_id'],
    [output('c', { output: undefined }), 'output'],
    [output('c', { output: { content: 'a' } }), 'output'],
    [output('c', { output: [{ type: 'output_audio' }] }), 'output[0].type'],
  ])('refuses %j', (item, member) => {
    expect(refusalOfItems(item)).toMatchObject({ kind: 'invalid-request', param: `input[0].${member}` });
  });
});

describe('openai-responses calls of built-in tools', () => {
  const shellAction = { commands: ['ls', 'pwd'], timeout_ms: 1000, max_output_length: null };
  const ended = (members: JsonObject): JsonObject => ({
    stdout: '',
    stderr: '',
    outcome: { type: 'exit', exit_code: 0 },
    ...members,
  });

  it('reads a shell call and its output', () => {
    const { request, notes } = decodeItems(
      {
        type: 'shell_call',
        id: 'sh_1',
        call_id: 'c1',
        action: shellAction,
        environment: null,
        status: 'completed',
      },
      {
        type: 'shell_call_output',
        call_id: 'c1',
        max_output_length: 4096,
        output: [
          ended({ stdout: 'a.txt' }),
          ended({ stderr: 'no', outcome: { type: 'exit', exit_code: 2 } }),
          ended({ outcome: { type: 'timeout' } }),
          { stdout: 'odd' },
        ],
      },
    );
    const printed =
      'a.txt\nexit code: 0\n\nstderr:\nno\nexit code: 2\n\ntimed out\n\nodd\nexit code: unknown';
    expect(request.turns).toMatchObject([
      {
        parts: [
          {
            id: 'c1',
            callKind: 'function',
            name: 'shell',
            args: '{"commands":["ls","pwd"],"timeout_ms":1000}',
          },
        ],
      },
      {
        results: [
          { callId: 'c1', callKind: 'function', name: 'shell', parts: [{ kind: 'text', text: printed }] },
        ],
      },
    ]);
    expect(notes).toBe('');
  });

  it.each<[string, JsonObject, string, string]>([
    ['its call', { id: 'ls_1', call_id: 'c1' }, 'c1', 'input[1].call_id'],
    ['the item that called', { id: 'ls_1' }, 'c1', 'input[1].id'],
    ['an item that is not there', { id: 'ls_2' }, 'ls_2', 'input[1].id'],
  ])('reads a local shell call whose output names %s', (_what, members, callId, at) => {
    const action = { type: 'exec', command: ['ls'], env: {}, user: null };
    const turns = turnsOf(
      { type: 'local_shell_call', id: 'ls_1', call_id: 'c1', action, status: 'completed' },
      { type: 'local_shell_call_output', output: 'a.txt', ...members },
    );
    expect(turns).toMatchObject([
      { parts: [{ id: 'c1', name: 'local_shell', args: '{"type":"exec","command":["ls"],"env":{}}' }] },
      { results: [{ at, callId, name: 'local_shell', parts: [{ kind: 'text', text: 'a.txt' }] }] },
    ]);
  });

  it('takes the id of a call without a call id', () => {
    const action = { type: 'exec', command: ['ls'] };
    const turns = turnsOf({ type: 'local_shell_call', id: 'ls_1', call_id: null, action });
    expect(turns).toMatchObject([{ parts: [{ id: 'ls_1' }] }]);
  });

  it.each<[JsonObject, JsonObject]>([
    [{ status: 'completed', output: 'patched' }, { parts: [{ kind: 'text', text: 'patched' }] }],
    [{ status: 'completed', output: null }, { parts: [{ kind: 'text', text: 'completed' }] }],
    [{ status: 'failed' }, { parts: [{ kind: 'text', text: 'failed' }], isError: true }],
  ])('reads a patch that ended as %j', (members, outcome) => {
    const turns = turnsOf(
      {
        type: 'apply_patch_call',
        call_id: 'c1',
        status: 'completed',
        operation: { type: 'delete_file', path: 'a' },
      },
      { type: 'apply_patch_call_output', call_id: 'c1', ...members },
    );
    const answered = { at: 'input[1].call_id', callId: 'c1', callKind: 'function', name: 'apply_patch' };
    expect(turns).toMatchObject([
      { parts: [{ name: 'apply_patch', args: '{"type":"delete_file","path":"a"}' }] },
      {},
    ]);
    expect(turns[1]).toEqual({ role: 'tool', at: 'input[1]', results: [{ ...answered, ...outcome }] });
  });

  it.each<[JsonObject, string]>([
    [{ type: 'shell_call', action: {} }, 'call_id'],
    [{ type: 'shell_call', call_id: 'c' }, 'action'],
    [{ type: 'shell_call_output', output: [] }, 'call_id'],
    [{ type: 'shell_call_output', call_id: 'c', output: 'a' }, 'output'],
    [{ type: 'shell_call_output', call_id: 'c', output: ['a'] }, 'output[0]'],
    [{ type: 'local_shell_call_output', id: 'c', output: [] }, 'output'],
    [{ type: 'apply_patch_call', call_id: 'c', operation: 'x' }, 'operation'],
    [{ type: 'apply_patch_call_output', call_id: 'c' }, 'status'],
  ])('refuses %j', (item, member) => {
    expect(refusalOfItems(item)).toMatchObject({ kind: 'invalid-request', param: `input[0].${member}` });
  });
});
