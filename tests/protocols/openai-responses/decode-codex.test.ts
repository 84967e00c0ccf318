import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { createCarrier } from '../../../src/kernel/carrier.ts';
import { decodeBody } from './client-request.ts';

const signed = { issuer: 'anthropic', family: 'claude', kind: 'signature', data: 'c2ln' } as const;
const grammar = { type: 'grammar', syntax: 'lark', definition: 'start: begin_patch' } as const;
const parameters = { type: 'object', properties: { cmd: { type: 'string' } }, required: ['cmd'] };
const environment = '<environment_context>\n  <cwd>/work</cwd>\n</environment_context>';

/** The second request of a turn of Codex, in the shape that the official types give it. */
const request = {
  model: 'claude-opus',
  instructions: 'You are a coding agent running in the Codex CLI.\n'.repeat(200),
  input: [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: '<permissions>' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: environment }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Fix the test.' }] },
    {
      type: 'reasoning',
      id: 'rs_px1',
      summary: [{ type: 'summary_text', text: 'Look first.' }],
      encrypted_content: createCarrier(signed, 'Look first.'),
    },
    { type: 'function_call', call_id: 'toolu_1', name: 'exec_command', arguments: '{"cmd":"npm test"}' },
    { type: 'custom_tool_call', call_id: 'toolu_2', name: 'apply_patch', input: '*** Begin Patch\n' },
    { type: 'function_call_output', call_id: 'toolu_1', output: '1 failed' },
    { type: 'custom_tool_call_output', call_id: 'toolu_2', output: 'Success.' },
  ],
  tools: [
    { type: 'function', name: 'exec_command', description: 'Runs a command.', strict: false, parameters },
    { type: 'custom', name: 'apply_patch', description: 'Edits files.', format: grammar },
    {
      type: 'namespace',
      name: 'mcp__docs',
      description: 'Tools of the docs server.',
      tools: [{ type: 'function', name: 'search', strict: false, parameters }],
    },
    { type: 'web_search' },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: 'auto' },
  store: false,
  stream: true,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: '0199a213-81c0',
  text: { verbosity: 'low' },
} satisfies ResponseCreateParamsStreaming;

describe('openai-responses requests of Codex', () => {
  const { request: decoded, notes } = decodeBody({
    ...request,
    client_metadata: { originator: 'codex_cli_rs' },
  });

  it('are read as a whole', () => {
    expect(decoded).toMatchObject({
      stream: true,
      toolChoice: { type: 'auto' },
      parallelToolCalls: true,
      reasoning: { mode: 'on', effort: 'medium', show: true },
      store: false,
      cacheKey: '0199a213-81c0',
      verbosity: 'low',
    });
    expect(notes).toBe('tools[2].description=ignored');
  });

  it('have their developer message in the system prompt, behind the instructions (C099)', () => {
    expect(decoded.system).toEqual([
      { role: 'system', text: request.instructions },
      { role: 'developer', text: '<permissions>' },
    ]);
  });

  it('have one turn of calls, with the state that was signed, and one of results (C025)', () => {
    expect(decoded.turns).toMatchObject([
      { role: 'user', at: 'input[1]' },
      { role: 'user', at: 'input[2]' },
      {
        role: 'assistant',
        at: 'input[3]',
        parts: [
          { kind: 'reasoning', summary: ['Look first.'], opaque: signed },
          { id: 'toolu_1', callKind: 'function' },
          { id: 'toolu_2', callKind: 'custom', args: '*** Begin Patch\n' },
        ],
      },
      { role: 'tool', at: 'input[6]', results: [{ callKind: 'function' }, { callKind: 'custom' }] },
    ]);
  });

  it('have their tools, those of the service among them (C078)', () => {
    expect(decoded.tools.map(({ kind, at }) => [kind, at])).toEqual([
      ['function', 'tools[0]'],
      ['custom', 'tools[1]'],
      ['function', 'tools[2].tools[0]'],
      ['hosted', 'tools[3]'],
    ]);
  });
});
