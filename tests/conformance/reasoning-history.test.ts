import { describe, expect, it } from 'vitest';
import { isCarrier } from '../../src/kernel/carrier.ts';
import { seal } from '../../src/sandbox/seal.ts';
import { post } from '../support/gateway.ts';
import { eventsOf, questionOf } from './support/speech.ts';
import { dig, listAt, PATH, readBody, startStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';
import { googleStream } from './support/wire-google.ts';
import { messageBlock, messageStream, thinkingBlock, toolUseBlock } from './support/wire-messages.ts';
import { callItem, reasoningItem, responsesStream } from './support/wire-responses.ts';

const CLAUDE = 'claude-opus-4-5-20251101';
const GEMINI = 'gemini-3-pro-preview';
const question = { role: 'user', content: 'What is the weather?' };

const functionTool = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: {} },
};
const messagesTool = { name: 'get_weather', input_schema: { type: 'object', properties: {} } };
const chatTool = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: {} } },
};

const signature = seal('anthropic', 'Let me think.');
const sealed = seal('openai', 'what it thought');

describe('C025 signed thinking that a Responses client echoes', () => {
  const told = messageStream(
    [
      thinkingBlock(0, 'Let me think.', signature),
      messageBlock(1, { type: 'redacted_thinking', data: seal('anthropic', 'secret') }),
      toolUseBlock(2, 'toolu_1', 'get_weather', '{}'),
    ],
    'tool_use',
  );
  const READ: Readonly<Record<string, (stage: Stage) => Promise<readonly unknown[]>>> = {
    'a stream': async ({ ask }) =>
      eventsOf(await ask('responses', questionOf('responses')), 'response.output_item.done').map((event) =>
        dig(event, 'item'),
      ),
    'one body': async ({ ask }) =>
      listAt(readBody(await ask('responses', questionOf('responses', false))), 'output'),
  };

  it.each(Object.entries(READ))('is a carrier, and comes back as it was signed: %s', async (_form, read) => {
    const stage = await startStage('anthropic', { model: CLAUDE });
    stage.script(told);
    const output = await read(stage);
    expect(output).toMatchObject([{ type: 'reasoning' }, { type: 'reasoning' }, { type: 'function_call' }]);
    expect(isCarrier(String(dig(output, 0, 'encrypted_content')))).toBe(true);
    const answer = await stage.ask('responses', {
      input: [question, ...output, { type: 'function_call_output', call_id: 'toolu_1', output: 'sunny' }],
      tools: [functionTool],
      reasoning: { effort: 'high' },
    });
    expect(answer.status).toBe(200);
    expect(stage.sent()).toMatchObject({ thinking: { type: 'enabled' } });
    expect(dig(stage.sent(), 'messages', 1)).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Let me think.', signature },
        { type: 'redacted_thinking', data: seal('anthropic', 'secret') },
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
      ],
    });
  });
});

describe('C024 signed thinking that a Chat client', () => {
  const told = messageStream(
    [thinkingBlock(0, 'Let me think.', signature), toolUseBlock(1, 'toolu_1', 'get_weather', '{}')],
    'tool_use',
  );

  it.each([
    ['echoes comes back as it was signed', (message: object) => message],
    [
      'does not echo is remembered for it',
      (message: object) => ({ role: 'assistant', content: null, tool_calls: dig(message, 'tool_calls') }),
    ],
  ])('%s', async (_what, echo) => {
    const stage = await startStage('anthropic', { model: CLAUDE });
    stage.script(told);
    const first = readBody(await stage.ask('chat', questionOf('chat', false)));
    const message = dig(first, 'choices', 0, 'message') as object;
    const answer = await stage.ask('chat', {
      messages: [question, echo(message), { role: 'tool', tool_call_id: 'toolu_1', content: 'sunny' }],
      tools: [chatTool],
      reasoning_effort: 'high',
    });
    expect(answer.status).toBe(200);
    expect(stage.sent()).toMatchObject({ thinking: { type: 'enabled' } });
    expect(dig(stage.sent(), 'messages', 1, 'content')).toEqual([
      { type: 'thinking', thinking: 'Let me think.', signature },
      { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
    ]);
  });
});

describe('C027 encrypted reasoning that a Messages client echoes', () => {
  it('is sent unchanged directly before its call', async () => {
    const stage = await startStage('openai', { model: 'gpt-5.2' });
    stage.script(
      responsesStream([reasoningItem(0, ['Hm.'], sealed), callItem(1, 'call_1', 'get_weather', '{}')]),
    );
    const first = readBody(await stage.ask('messages', questionOf('messages', false)));
    const result = { type: 'tool_result', tool_use_id: 'call_1', content: 'sunny' };
    const answer = await stage.ask('messages', {
      messages: [
        question,
        { role: 'assistant', content: dig(first, 'content') },
        { role: 'user', content: [result] },
      ],
      tools: [messagesTool],
    });
    expect(answer.status).toBe(200);
    expect(listAt(stage.sent(), 'input')).toMatchObject([
      { role: 'user' },
      {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'Hm.' }],
        encrypted_content: sealed,
      },
      { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1' },
    ]);
  });
});

describe('C028 thinking of a Gemini turn in what a Messages client sends to Claude', () => {
  const models = [
    { name: 'Gemini', id: GEMINI, type: 'google' },
    { name: 'Claude', id: CLAUDE, type: 'anthropic' },
  ];

  it('is taken out, and every other byte stays', async () => {
    const { gateway, ask, script, sent } = await startStage('anthropic', { config: { models } });
    script(
      googleStream([
        [{ text: 'A thought.', thought: true, thoughtSignature: seal('gemini', 'thought') }],
        [{ functionCall: { name: 'get_weather', args: {} }, thoughtSignature: seal('gemini', 'call') }],
      ]),
    );
    const first = readBody(await ask('messages', { model: GEMINI, messages: [question] }));
    const content = listAt(first, 'content');
    expect(content.map((block) => dig(block, 'type'))).toEqual(['thinking', 'redacted_thinking', 'tool_use']);
    const call = JSON.stringify(content[2]);
    const result = `{"type":"tool_result", "tool_use_id":"${String(dig(content[2], 'id'))}"}`;
    const bodyOf = (blocks: string): string =>
      `{ "model":"${CLAUDE}","max_tokens" :100,\n"unheard_of":1e2, "tools":[${JSON.stringify(messagesTool)}], "messages":[` +
      `{"role":"user", "content":"gr\\u00fc\\u00df Gott"},{"role":"assistant","content":[${blocks}]},` +
      `{"role":"user","content":[ ${result} ]}]}`;
    const body = bodyOf(content.map((block) => JSON.stringify(block)).join(','));
    const headers = { 'content-type': 'application/json' };
    script({ status: 200, headers, body: '{"type":"message","content":[]}' });
    const answer = await post(gateway.url + PATH.messages, body);
    expect(answer.status).toBe(200);
    expect(gateway.sandbox.requests.at(-1)?.body).toBe(bodyOf(call));
    expect(dig(sent(), 'messages', 1, 'content')).toEqual([content[2]]);
  });
});

describe('C029 real Claude signatures in a history that goes to Gemini', () => {
  const messages = [
    question,
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Let me think.', signature },
        { type: 'redacted_thinking', data: seal('anthropic', 'secret') },
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' }] },
  ];

  it('are not sent, and a model that demands a signature gets its placeholder', async () => {
    const { ask, sent } = await startStage('google', { model: GEMINI });
    expect((await ask('messages', { messages, tools: [messagesTool] })).status).toBe(200);
    expect(listAt(sent(), 'contents', 1, 'parts')).toEqual([
      {
        functionCall: expect.objectContaining({ name: 'get_weather', args: {} }) as unknown,
        thoughtSignature: 'skip_thought_signature_validator',
      },
    ]);
  });

  it('are not sent to a model that demands none', async () => {
    const { ask, sent } = await startStage('google', { model: 'gemini-2.5-pro' });
    expect((await ask('messages', { messages, tools: [messagesTool] })).status).toBe(200);
    expect(JSON.stringify(sent())).not.toContain('thoughtSignature');
    expect(JSON.stringify(sent())).not.toContain('Let me think.');
  });
});

describe('C028 thinking of a Claude turn', () => {
  const told = messageStream(
    [thinkingBlock(0, 'Let me think.', signature), toolUseBlock(1, 'toolu_1', 'get_weather', '{}')],
    'tool_use',
  );
  const modelsWith = (id: string, type: string): readonly object[] => [
    { name: 'Claude', id: CLAUDE, type: 'anthropic' },
    { name: 'Other', id, type },
  ];

  it('is taken out of what a Responses client sends to GPT, and so are the ids that we made', async () => {
    const { ask, script, sent } = await startStage('openai', {
      config: { models: modelsWith('gpt-5.2', 'openai') },
    });
    script(told);
    const first = readBody(await ask('responses', { model: CLAUDE, input: [question] }));
    const output = listAt(first, 'output');
    expect(output).toMatchObject([{ type: 'reasoning' }, { type: 'function_call' }]);
    const result = { type: 'function_call_output', call_id: 'toolu_1', output: 'sunny' };
    const input = [question, ...output, result];
    const answer = await ask('responses', { model: 'gpt-5.2', input, tools: [functionTool] });
    expect(answer.status).toBe(200);
    const [call] = listAt(sent(), 'input').slice(1);
    expect(listAt(sent(), 'input')).toHaveLength(3);
    expect(call).toMatchObject({ type: 'function_call', call_id: 'toolu_1', name: 'get_weather' });
    expect(call).not.toHaveProperty('id');
  });

  it('is taken out of what a Chat client sends to GLM', async () => {
    const { ask, script, sent } = await startStage('common', {
      config: { models: modelsWith('glm-4.6', 'common') },
    });
    script(told);
    const first = readBody(await ask('chat', { model: CLAUDE, messages: [question] }));
    const message = dig(first, 'choices', 0, 'message');
    expect(message).toHaveProperty('reasoning_details');
    const result = { role: 'tool', tool_call_id: 'toolu_1', content: 'sunny' };
    const messages = [question, message, result];
    expect((await ask('chat', { model: 'glm-4.6', messages, tools: [chatTool] })).status).toBe(200);
    expect(dig(sent(), 'messages', 1)).toMatchObject({ tool_calls: [{ id: 'toolu_1' }] });
    expect(JSON.stringify(sent())).not.toContain('px1.');
  });
});
