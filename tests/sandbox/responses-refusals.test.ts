import { describe, expect, it } from 'vitest';
import { seal } from '../../src/sandbox/seal.ts';
import { ask, jsonOf, openSandbox, PATHS } from './raw-client.ts';

type Fields = Record<string, unknown>;

const base = { model: 'gpt-5.4', input: 'hi' };
const user = (content: unknown): Fields => ({ role: 'user', content });
const call = { type: 'function_call', call_id: 'call_1', name: 'get', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'call_1', output: 'done' };
const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: seal('openai', 'x') };
const tool = { type: 'function', name: 'get', parameters: { type: 'object', properties: {} }, strict: false };
const strict = (parameters: unknown): Fields => ({ tools: [{ ...tool, strict: true, parameters }] });

async function answerTo(
  change: Fields,
): Promise<{ readonly status: number | undefined; readonly error: unknown }> {
  const answer = await ask(await openSandbox(), { path: PATHS.responses, body: { ...base, ...change } });
  return { status: answer.status, error: (jsonOf(answer) as { error?: unknown }).error };
}

describe('what the sandbox refuses as the Responses API', () => {
  it.each<[string, Fields, string, string | null, string | null]>([
    ['a missing model', { model: undefined }, "'model'", 'model', 'missing_required_parameter'],
    ['missing input', { input: undefined }, "'input'", 'input', 'missing_required_parameter'],
    ['input that is none', { input: 5 }, "'input'", 'input', 'invalid_type'],
    ['an unknown field', { messages: [] }, "Unknown parameter: 'messages'", 'messages', 'unknown_parameter'],
    [
      'a stored response',
      { previous_response_id: 'resp_1' },
      'resp_1',
      'previous_response_id',
      'previous_response_not_found',
    ],
    [
      'too few tokens',
      { max_output_tokens: 1 },
      '>= 16, but got 1',
      'max_output_tokens',
      'integer_below_min_value',
    ],
    [
      'too hot a temperature',
      { temperature: 3 },
      '<= 2, but got 3',
      'temperature',
      'decimal_above_max_value',
    ],
    [
      'a long identifier',
      { safety_identifier: 'x'.repeat(65) },
      'length 64',
      'safety_identifier',
      'string_above_max_length',
    ],
    [
      'temperature while reasoning',
      { reasoning: { effort: 'low' }, temperature: 1 },
      "'temperature'",
      'temperature',
      'unsupported_parameter',
    ],
    [
      'a format without name',
      { text: { format: { type: 'json_schema', schema: {} } } },
      'name',
      'text.format.name',
      'missing_required_parameter',
    ],
    [
      'an item of no kind',
      { input: [{ type: 'tool_result' }] },
      'tool_result',
      'input[0].type',
      'invalid_value',
    ],
    [
      'an unknown field of an item',
      { input: [{ ...user('x'), name: 'me' }] },
      'input[0].name',
      'input[0].name',
      'unknown_parameter',
    ],
    [
      'a call without arguments',
      { input: [{ ...call, arguments: undefined }] },
      'arguments',
      'input[0].arguments',
      'missing_required_parameter',
    ],
    [
      'a foreign item id',
      { input: [{ ...call, id: 'toolu_1' }, output] },
      "begins with 'fc'",
      'input[0].id',
      'invalid_value',
    ],
    [
      'a long call id',
      { input: [{ ...call, call_id: 'x'.repeat(65) }, output] },
      'length 65',
      'input[0].call_id',
      'string_above_max_length',
    ],
    [
      'an unknown role',
      { input: [{ role: 'tool', content: 'x' }] },
      "'tool'",
      'input[0].role',
      'invalid_value',
    ],
    [
      'a user who speaks output',
      { input: [user([{ type: 'output_text', text: 'x' }])] },
      'input_text',
      'input[0].content[0]',
      'invalid_value',
    ],
    [
      'an assistant who speaks input',
      { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
      'output_text',
      'input[0].content[0]',
      'invalid_value',
    ],
    [
      'an unknown field of a part',
      { input: [user([{ type: 'input_text', text: 'x', cache_control: {} }])] },
      'cache_control',
      'input[0].content[0].cache_control',
      'unknown_parameter',
    ],
    ['content that is none', { input: [user(5)] }, 'content', 'input[0].content', 'invalid_type'],
    [
      'an output without call',
      { input: [output] },
      'No tool call found for function call output with call_id call_1',
      'input',
      null,
    ],
    [
      'a call without output',
      { input: [user('x'), call, user('y')] },
      'No tool output found for function call call_1',
      'input',
      null,
    ],
    ['reasoning at the end', { input: [user('x'), reasoning] }, 'required following item', 'input', null],
    ['reasoning before a user', { input: [reasoning, user('x')] }, 'required following item', 'input', null],
    [
      'reasoning without its state',
      { input: [{ ...reasoning, encrypted_content: null }, call, output] },
      'not persisted',
      'input',
      null,
    ],
    [
      'reasoning of another service',
      { input: [{ ...reasoning, encrypted_content: seal('gemini', 'x') }, call, output] },
      'could not be verified',
      null,
      'invalid_encrypted_content',
    ],
    [
      'a stored item',
      { input: [{ type: 'item_reference', id: 'msg_1' }] },
      "'msg_1' not found",
      'input',
      null,
    ],
    [
      'a tool without type',
      { tools: [{ name: 'get' }] },
      'tools[0].type',
      'tools[0].type',
      'missing_required_parameter',
    ],
    ['a tool of no kind', { tools: [{ type: 'hammer' }] }, 'hammer', 'tools[0].type', 'invalid_value'],
    [
      'a tool in the words of chat',
      { tools: [{ type: 'function', function: { name: 'get' } }] },
      'tools[0].name',
      'tools[0].name',
      'missing_required_parameter',
    ],
    [
      'an unknown field of a tool',
      { tools: [{ ...tool, input_schema: {} }] },
      'input_schema',
      'tools[0].input_schema',
      'unknown_parameter',
    ],
    [
      'an illegal tool name',
      { tools: [{ ...tool, name: 'a.b' }] },
      'pattern',
      'tools[0].name',
      'invalid_value',
    ],
    [
      'a long tool name',
      { tools: [{ ...tool, name: 'x'.repeat(65) }] },
      'length 64',
      'tools[0].name',
      'string_above_max_length',
    ],
    [
      'a list without items',
      { tools: [{ ...tool, parameters: { type: 'object', properties: { a: { type: 'array' } } } }] },
      "In context=('properties', 'a'), array schema missing items.",
      'tools[0].parameters',
      'invalid_function_parameters',
    ],
    [
      'an open schema of a strict format',
      { text: { format: { type: 'json_schema', name: 'n', strict: true, schema: { type: 'object' } } } },
      "'n': In context=(), object schema missing properties.",
      'text.format.schema',
      'invalid_json_schema',
    ],
    [
      'an open object in strict mode',
      strict({ type: 'object', properties: {} }),
      'additionalProperties',
      'tools[0].parameters',
      'invalid_function_parameters',
    ],
    [
      'an optional property in strict mode',
      strict({ type: 'object', properties: { a: {} }, required: [], additionalProperties: false }),
      "Missing 'a'",
      'tools[0].parameters',
      'invalid_function_parameters',
    ],
    [
      'a choice that is not offered',
      { tools: [tool], tool_choice: { type: 'function', name: 'x' } },
      "'x' not found",
      'tool_choice',
      null,
    ],
    [
      'a choice without name',
      { tools: [tool], tool_choice: { type: 'function' } },
      'tool_choice.name',
      'tool_choice.name',
      'missing_required_parameter',
    ],
  ])('is %s', async (_name, change, message, param, code) => {
    expect(await answerTo(change)).toEqual({
      status: 400,
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining(message) as string,
        param,
        code,
      },
    });
  });

  it.each<[string, Fields]>([
    ['hosted tools', { tools: [{ type: 'web_search' }, { type: 'image_generation' }] }],
    [
      'the choice of a hosted tool',
      { tools: [{ type: 'web_search' }], tool_choice: { type: 'web_search_preview' } },
    ],
    ['items that only Codex writes', { input: [{ type: 'agent_message', text: 'x' }, user('x')] }],
    ['a developer at the end', { input: [user('x'), { role: 'developer', content: 'y' }] }],
    ['its own reasoning before a call', { input: [user('x'), reasoning, call, output] }],
    ['an assistant at the end', { input: [user('x'), { role: 'assistant', content: 'y' }] }],
  ])('is not %s', async (_name, change) => {
    expect((await answerTo(change)).status).toBe(200);
  });

  it('quotes outputs that are lists of parts', async () => {
    const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'patch', input: 'x' };
    const parts = [
      { type: 'input_text', text: 'all' },
      { type: 'input_image', image_url: 'data:,' },
      { type: 'input_text', text: 'done' },
    ];
    const result = { type: 'custom_tool_call_output', call_id: 'call_1', output: parts };
    const body = { ...base, input: [user('x'), custom, result] };
    const answer = await ask(await openSandbox(), { path: PATHS.responses, body });
    expect(answer.text).toContain('The tools answered: \\"all done\\". I see 1 image.');
  });
});
