import { describe, expect, it } from 'vitest';
import { seal } from '../../src/sandbox/seal.ts';
import { ask, jsonOf, openSandbox, PATHS, PLAIN_HEADERS } from './raw-client.ts';

type Fields = Record<string, unknown>;

const user = (content: unknown): Fields => ({ role: 'user', content });
const assistant = (...content: unknown[]): Fields => ({ role: 'assistant', content });
const base = { model: 'claude-sonnet-4-6', max_tokens: 2000, messages: [user('hi')] };
const tool = { name: 'get', input_schema: { type: 'object' } };
const call = { type: 'tool_use', id: 'toolu_1', name: 'get', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'done' };
const thinking = { type: 'enabled', budget_tokens: 1024 };
const image = (source: unknown): Fields => user([{ type: 'image', source }]);
const text = { type: 'text', text: 'x' };
const marked = { ...text, cache_control: { type: 'ephemeral' } };
const withTools = (...messages: unknown[]): Fields => ({
  tools: [tool],
  messages: [user('go'), ...messages],
});

async function answerTo(
  change: Fields,
): Promise<{ readonly status: number | undefined; readonly error: unknown }> {
  const answer = await ask(await openSandbox(), { path: PATHS.messages, body: { ...base, ...change } });
  return { status: answer.status, error: (jsonOf(answer) as { error?: unknown }).error };
}

describe('what the sandbox refuses as the Messages API', () => {
  it.each<[string, Fields, string]>([
    ['a missing model', { model: undefined }, 'model: Field required'],
    ['missing messages', { messages: undefined }, 'messages: Field required'],
    ['no messages', { messages: [] }, 'at least one message'],
    ['missing max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
    ['max_tokens that is no number', { max_tokens: '5' }, 'valid integer'],
    ['max_tokens of 0', { max_tokens: 0 }, 'greater than or equal to 1'],
    ['an unknown field', { n: 1 }, 'n: Extra inputs are not permitted'],
    ['a temperature above 1', { temperature: 1.5 }, 'temperature: range: 0..1'],
    ['temperature beside top_p', { temperature: 0.5, top_p: 0.9 }, 'cannot both be specified'],
    ['a blank stop sequence', { stop_sequences: [' '] }, 'stop_sequences.0'],
    ['an empty system block', { system: [{ type: 'text', text: '' }] }, 'system: text content blocks'],
    ['five cache marks', { messages: [user([marked, marked, marked, marked, marked])] }, 'Found 5'],
    ['a system message', { messages: [{ role: 'system', content: 'x' }] }, 'messages.0.role'],
    ['a named message', { messages: [{ ...user('x'), name: 'me' }] }, 'messages.0.name: Extra inputs'],
    ['an assistant first', { messages: [assistant(text)] }, 'first message must use the "user" role'],
    ['an empty user turn', { messages: [user([])] }, 'non-empty content'],
    ['content that is none', { messages: [user(5)] }, 'messages.0.content: Input should be'],
    ['a block that is none', { messages: [user([5])] }, 'messages.0.content.0: Input should be'],
    ['an empty text', { messages: [user('')] }, 'must be non-empty'],
    ['a blank text block', { messages: [user([{ type: 'text', text: ' \n' }])] }, 'non-whitespace text'],
    ['a text block without text', { messages: [user([{ type: 'text' }])] }, 'text.text: Field required'],
    [
      'a prefill that ends in a space',
      { messages: [user('x'), assistant({ type: 'text', text: 'so ' })] },
      'trailing',
    ],
    ['a block of another dialect', { messages: [user([{ type: 'image_url' }])] }, "Input tag 'image_url'"],
    ['a tool call of the user', { messages: [user([call])] }, "Input tag 'tool_use'"],
    [
      'an extra field of a block',
      { messages: [user([{ ...text, detail: 'low' }])] },
      'text.detail: Extra inputs',
    ],
    [
      'an image of a strange kind',
      { messages: [image({ type: 'base64', media_type: 'image/bmp', data: 'a' })] },
      'media_type',
    ],
    [
      'an image without data',
      { messages: [image({ type: 'base64', media_type: 'image/png', data: '' })] },
      'source.data',
    ],
    ['an image without source', { messages: [image({ type: 'path' })] }, 'image.source'],
    [
      'tool blocks without tools',
      { messages: [user('x'), assistant(call), user([result])] },
      'must define tools',
    ],
    [
      'a call without result',
      withTools(assistant(call), user('next')),
      'without `tool_result` blocks immediately after: toolu_1',
    ],
    ['a result behind text', withTools(assistant(call), user([text, result])), 'immediately after: toolu_1'],
    ['a result without call', { messages: [user([result])] }, 'unexpected `tool_use_id`'],
    ['two results of one call', withTools(assistant(call), user([result, result])), 'Found multiple'],
    [
      'one id for two calls',
      withTools(assistant(call), user([result]), assistant(call), user([result])),
      'must be unique',
    ],
    [
      'a call with text for input',
      withTools(assistant({ ...call, input: '{}' }), user([result])),
      'valid dictionary',
    ],
    [
      'an illegal call id',
      withTools(assistant({ ...call, id: 'a b' }), user([result])),
      'tool_use.id: String should match',
    ],
    [
      'a call without id',
      withTools(assistant({ ...call, id: undefined }), user([result])),
      'tool_use.id: Field required',
    ],
    [
      'a result that is an object',
      withTools(assistant(call), user([{ ...result, content: {} }])),
      'tool_result.content',
    ],
    [
      'a call inside a result',
      withTools(assistant(call), user([{ ...result, content: [call] }])),
      "Input tag 'tool_use'",
    ],
    [
      'an unsigned thought',
      { messages: [user('x'), assistant({ type: 'thinking', thinking: 'x' })] },
      'signature: Field required',
    ],
    [
      'a made-up signature',
      { messages: [user('x'), assistant({ type: 'thinking', thinking: 'x', signature: 'abc' })] },
      'Invalid `signature`',
    ],
    [
      'a signature of another text',
      {
        messages: [
          user('x'),
          assistant({ type: 'thinking', thinking: 'x', signature: seal('anthropic', 'y') }),
        ],
      },
      'Invalid `signature`',
    ],
    [
      'a signature of another service',
      {
        messages: [user('x'), assistant({ type: 'thinking', thinking: 'x', signature: seal('openai', 'x') })],
      },
      'Invalid `signature`',
    ],
    [
      'made-up redacted thinking',
      { messages: [user('x'), assistant({ type: 'redacted_thinking', data: 'abc' })] },
      'Invalid `data`',
    ],
    ['thinking without budget', { thinking: { type: 'enabled' } }, 'budget_tokens: Field required'],
    [
      'a small budget',
      { thinking: { type: 'enabled', budget_tokens: 100 } },
      'greater than or equal to 1024',
    ],
    [
      'a budget as large as max_tokens',
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      'must be greater than',
    ],
    [
      'a budget with adaptive thinking',
      { thinking: { type: 'adaptive', budget_tokens: 1024 } },
      'Extra inputs',
    ],
    ['temperature with thinking', { thinking, temperature: 0.5 }, '`temperature` may only be set to 1'],
    ['top_k with thinking', { thinking, top_k: 5 }, '`top_k` must be unset'],
    ['top_p with thinking', { thinking, top_p: 0.5 }, '`top_p` must be'],
    [
      'a forced tool with thinking',
      { thinking, tools: [tool], tool_choice: { type: 'any' } },
      'forces tool use',
    ],
    [
      'an open tool loop that did not think',
      { ...withTools(assistant(call), user([result])), thinking },
      'Expected `thinking`',
    ],
    ['a budget on a model without', { model: 'claude-opus-4-8', thinking }, 'thinking.type.adaptive'],
    [
      'temperature on such a model',
      { model: 'claude-opus-4-8', temperature: 0 },
      '`temperature` is deprecated',
    ],
    [
      'adaptive thinking on an old model',
      { model: 'claude-haiku-4-5-20251001', thinking: { type: 'adaptive' } },
      'not supported',
    ],
    ['a tool without name', { tools: [{ ...tool, name: undefined }] }, 'tools.0.custom.name: Field required'],
    [
      'an illegal tool name',
      { tools: [{ ...tool, name: 'a.b' }] },
      'tools.0.custom.name: String should match',
    ],
    ['two tools of one name', { tools: [tool, tool] }, 'must be unique'],
    ['a tool without schema', { tools: [{ name: 'get' }] }, 'input_schema: Field required'],
    [
      'a schema without type',
      { tools: [{ name: 'get', input_schema: {} }] },
      'input_schema.type: Field required',
    ],
    [
      'a schema of another type',
      { tools: [{ name: 'get', input_schema: { type: 'array' } }] },
      "should be 'object'",
    ],
    [
      'a union at the top',
      { tools: [{ name: 'get', input_schema: { type: 'object', anyOf: [] } }] },
      'anyOf at the top',
    ],
    ['a choice without tools', { tool_choice: { type: 'auto' } }, 'while providing tools'],
    ['a choice of another dialect', { tools: [tool], tool_choice: { type: 'required' } }, 'tool_choice'],
    [
      'a choice that is not offered',
      { tools: [tool], tool_choice: { type: 'tool', name: 'x' } },
      "Tool 'x' not found",
    ],
  ])('is %s', async (_name, change, message) => {
    expect(await answerTo(change)).toEqual({
      status: 400,
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) as string },
    });
  });

  it.each<[string, Fields]>([
    ['two user messages in a row', { messages: [user('a'), user('b')] }],
    [
      'an assistant turn of nothing',
      { messages: [user('a'), { role: 'assistant', content: [] }, user('b')] },
    ],
    [
      'results spread over two messages',
      withTools(
        assistant(call, { ...call, id: 'toolu_2' }),
        user([result]),
        user([{ ...result, tool_use_id: 'toolu_2' }]),
      ),
    ],
    [
      'its own redacted thinking',
      { messages: [user('a'), assistant({ type: 'redacted_thinking', data: seal('anthropic', 'x') })] },
    ],
    [
      'an error result with an image',
      withTools(
        assistant(call),
        user([
          {
            ...result,
            is_error: true,
            content: [text, { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
          },
        ]),
      ),
    ],
    [
      'temperature beside top_p on an old model',
      { model: 'claude-sonnet-4-20250514', temperature: 0.5, top_p: 0.9 },
    ],
    ['a hosted tool', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['a prefill', { messages: [user('x'), assistant({ type: 'text', text: 'So' })] }],
  ])('is not %s', async (_name, change) => {
    expect((await answerTo(change)).status).toBe(200);
  });

  it('quotes an error result as one, and counts the media in it', async () => {
    const source = { type: 'url', url: 'https://example.com/a.png' };
    const content = [text, { type: 'image', source }];
    const body = { ...base, ...withTools(assistant(call), user([{ ...result, is_error: true, content }])) };
    const answer = await ask(await openSandbox(), { path: PATHS.messages, body });
    expect(answer.text).toContain('The tools answered: \\"error x\\". I see 1 image.');
  });

  it('is a request without anthropic-version', async () => {
    const answer = await ask(await openSandbox(), {
      path: PATHS.messages,
      body: base,
      headers: PLAIN_HEADERS,
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('anthropic-version: header is required');
  });

  it('is a body that is not JSON', async () => {
    const answer = await ask(await openSandbox(), { path: PATHS.messages, body: '{"model":' });
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});
