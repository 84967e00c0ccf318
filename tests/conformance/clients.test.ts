import { describe, expect, it } from 'vitest';
import { postJson } from '../support/gateway.ts';
import { dig, listAt, PATH, readEvents, startStage } from './support/stage.ts';
import {
  messageBlock,
  messageStart,
  messageStream,
  textBlock,
  thinkingBlock,
  toolUseBlock,
} from './support/wire-messages.ts';
import { namedEvents, streamOf } from './support/wire.ts';

const ASKED = [{ role: 'user' as const, content: 'Hello' }];

describe('Claude Code', () => {
  const billing = (nonce: string): string =>
    `x-anthropic-billing-header: cc_version=2.1.37.3b2; cc_entrypoint=cli; cch=${nonce};`;
  const rest = { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } };

  it.each(['common', 'openai', 'google'] as const)(
    'C170 sends the same prompt every time to a model behind %s, whatever its billing line says',
    async (upstream) => {
      const { ask, sent } = await startStage(upstream);
      const ofNonce = (nonce: string): object => ({
        messages: ASKED,
        system: [{ type: 'text', text: billing(nonce) }, rest],
      });
      const first = await ask('messages', ofNonce('c1a55'));
      const second = await ask('messages', ofNonce('0ddba11'));
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(sent(1)).toEqual(sent(0));
      expect(JSON.stringify(sent(0))).toContain('You are Claude Code.');
      expect(JSON.stringify(sent(0))).not.toMatch(/billing|cch=/);
    },
  );

  it.each([
    ['a string', `${billing('c1a55')}\nYou are Claude Code.`],
    ['one block', [{ type: 'text', text: `${billing('c1a55')}\n\nYou are Claude Code.` }]],
  ])('C170 loses the line, and nothing behind it, where the system is %s', async (_form, system) => {
    const { ask, sent } = await startStage('common');
    expect((await ask('messages', { messages: ASKED, system })).status).toBe(200);
    expect(dig(sent(), 'messages', 0)).toEqual({ role: 'system', content: 'You are Claude Code.' });
  });

  it('C170 keeps its line where it talks to its own service', async () => {
    const { ask, sent } = await startStage('anthropic');
    const system = [{ type: 'text', text: billing('c1a55') }, rest];
    expect((await ask('messages', { messages: ASKED, system })).status).toBe(200);
    expect(dig(sent(), 'system')).toEqual(system);
  });
});

describe('a chat client of an Anthropic model', () => {
  const cite = (url: string, title: string): object => ({
    type: 'citations_delta',
    citation: { type: 'web_search_result_location', url, title, cited_text: 'x', encrypted_index: 'e' },
  });
  const thoughtful = messageStream([
    thinkingBlock(0, 'Let me see.', 'sig-1'),
    messageBlock(
      1,
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'Snow ' },
      cite('https://one.example/', 'One'),
      { type: 'text_delta', text: 'falls.' },
      cite('https://two.example/', 'Two'),
    ),
    messageBlock(
      2,
      { type: 'text', text: '' },
      { type: 'text_delta', text: ' Much of it.' },
      cite('https://three.example/', 'Three'),
    ),
  ]);
  const cited = (url: string, title: string, start_index: number, end_index: number): object => ({
    type: 'url_citation',
    url_citation: { url, title, start_index, end_index },
  });
  const annotations = [
    cited('https://one.example/', 'One', 0, 11),
    cited('https://two.example/', 'Two', 0, 11),
    cited('https://three.example/', 'Three', 11, 23),
  ];
  const details = [
    { type: 'reasoning.encrypted', data: expect.stringMatching(/^px1\./) as unknown, index: 0 },
  ];

  it('C171 gets the state of reasoning and the citations once, whole, before the end', async () => {
    const { ask, script } = await startStage('anthropic');
    script(thoughtful);
    const answer = await ask('chat', { messages: ASKED, stream: true });
    const choices = readEvents(answer).map(({ data }) => dig(data, 'choices', 0));
    const having = (member: string): unknown[] =>
      choices.map((choice) => dig(choice, 'delta', member)).filter((value) => value !== undefined);
    expect(having('reasoning_details')).toEqual([details]);
    expect(having('annotations')).toEqual([annotations]);
    expect(choices.findIndex((choice) => dig(choice, 'finish_reason') === 'stop')).toBe(choices.length - 2);
  });

  it('C171 finds all of it in what the client of OpenAI gathers', async () => {
    const { openai, model, script } = await startStage('anthropic');
    script(thoughtful);
    const completion = await openai.chat.completions.stream({ model, messages: ASKED }).finalChatCompletion();
    expect(completion.choices[0]?.message).toMatchObject({
      content: 'Snow falls. Much of it.',
      reasoning_content: 'Let me see.',
      reasoning_details: details,
      annotations,
    });
  });
});

describe('the Responses client of OpenAI before an Anthropic model', () => {
  const redacted = messageBlock(0, { type: 'redacted_thinking', data: 'sealed' });
  const explained = { stop_details: { type: 'refusal', category: 'cyber', explanation: 'Not this.' } };

  it('C172 takes a refusal', async () => {
    const { openai, model, script } = await startStage('anthropic');
    script(messageStream([textBlock(0, 'Well,')], 'refusal', explained));
    const response = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
    const parts = listAt(response, 'output').flatMap((item) => listAt(item, 'content'));
    expect(parts).toMatchObject([
      { type: 'output_text', text: 'Well,' },
      { type: 'refusal', refusal: 'Not this.' },
    ]);
  });

  it('C172 takes a refusal without a word', async () => {
    const { openai, model, script } = await startStage('anthropic');
    script(messageStream([], 'refusal'));
    const response = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [],
    });
  });

  it('C172 takes reasoning that cannot be read', async () => {
    const { openai, model, script } = await startStage('anthropic');
    script(messageStream([redacted, textBlock(1, 'Hello.')]));
    const response = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(response).toMatchObject({
      status: 'completed',
      output_text: 'Hello.',
      output: [
        { type: 'reasoning', summary: [], encrypted_content: expect.stringMatching(/^px1\./) as unknown },
        { type: 'message', status: 'completed' },
      ],
    });
  });

  it('C172 takes a call that was cut, as far as it came', async () => {
    const { openai, model, script } = await startStage('anthropic');
    script(messageStream([toolUseBlock(0, 'toolu_1', 'look', '{"town":"Rov')], 'max_tokens'));
    const tools = [
      { type: 'function' as const, name: 'look', parameters: { type: 'object' }, strict: false },
    ];
    const response = await openai.responses.stream({ model, input: 'Hello', tools }).finalResponse();
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [
        { type: 'function_call', call_id: 'toolu_1', arguments: '{"town":"Rov', status: 'incomplete' },
      ],
    });
  });

  const breakdown = { type: 'error', error: { type: 'api_error', message: 'Internal server error' } };

  it.each([
    ['a message', textBlock(0, 'Hel'), { type: 'message', content: [{ type: 'output_text', text: 'Hel' }] }],
    ['reasoning', thinkingBlock(0, 'Hm', 'sig'), { type: 'reasoning', summary: [{ text: 'Hm' }] }],
    ['a call', toolUseBlock(0, 'toolu_1', 'look', '{"a'), { type: 'function_call', arguments: '{"a' }],
  ])('C172 takes a failure in the middle of %s', async (_what, block, item) => {
    const { openai, model, script } = await startStage('anthropic');
    script(streamOf(namedEvents(messageStart(), ...block.slice(0, -1), breakdown)));
    const response = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
    expect(response).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: 'Internal server error' },
      output: [item],
    });
  });
});

describe('an Anthropic client of an Anthropic model', () => {
  it.each(['2026-10-21', '2023-06-01'])(
    'C173 has its version %s, its betas and its query passed on as they are',
    async (version) => {
      const { gateway, model } = await startStage('anthropic');
      const betas = 'context-1m-2025-08-07,fine-grained-tool-streaming-2025-05-14';
      const answer = await postJson(
        `${gateway.url}${PATH.messages}?beta=true`,
        { model, max_tokens: 99, messages: ASKED },
        { 'anthropic-version': version, 'anthropic-beta': betas },
      );
      expect(answer.status).toBe(200);
      const [request] = gateway.sandbox.requests;
      expect(request?.path).toBe('/api/llm/a/v1/messages?beta=true');
      expect(request?.headers).toMatchObject({ 'anthropic-version': version, 'anthropic-beta': betas });
    },
  );

  it('C173 is what its official client gets', async () => {
    const { anthropic, gateway, model } = await startStage('anthropic');
    await anthropic.beta.messages.create({
      model,
      max_tokens: 99,
      messages: ASKED,
      betas: ['context-1m-2025-08-07'],
    });
    const [request] = gateway.sandbox.requests;
    expect(request?.headers['anthropic-beta']).toBe('context-1m-2025-08-07');
    expect(request?.headers['anthropic-version']).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});
