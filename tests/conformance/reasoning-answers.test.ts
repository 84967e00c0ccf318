import { describe, expect, it } from 'vitest';
import { NO_STATE, readCarrier } from '../../src/kernel/carrier.ts';
import { eventsOf, heardAt, heardText, questionOf, typesOf } from './support/speech.ts';
import { dig, listAt, readBody, readEvents, startStage } from './support/stage.ts';
import { callDelta, chatStream } from './support/wire-chat.ts';
import { googleStream } from './support/wire-google.ts';
import { messageBlock, messageStream, textBlock, thinkingBlock } from './support/wire-messages.ts';
import { callItem, messageItem, reasoningItem, responsesStream } from './support/wire-responses.ts';

const asked = [{ role: 'user' as const, content: 'Hello' }];

/** The state behind an opaque member that a client was given, with the text it belongs to. */
const stateIn = (carrier: unknown, text: string): unknown => readCarrier(String(carrier), text);

const SIGNED = { issuer: 'anthropic', family: '', kind: 'signature', data: 'claude-signature' } as const;

describe('C021 reasoning and then text from a Chat upstream', () => {
  const told = chatStream([
    { reasoning_content: 'Let me ' },
    { reasoning_content: 'think.', content: '' },
    { content: 'Grüß ' },
    { content: 'Gott', reasoning_content: null },
  ]);

  it('is a thinking block, closed, and a text block behind it for Messages', async () => {
    const { ask, script } = await startStage('common');
    script(told);
    const answer = await ask('messages', questionOf('messages'));
    expect(typesOf(answer)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(heardAt(answer, 'index')).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(heardAt(answer, 'content_block')).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'text', text: '' },
    ]);
    expect(heardAt(answer, 'delta', 'type').slice(0, 5)).toEqual([
      'thinking_delta',
      'thinking_delta',
      'signature_delta',
      'text_delta',
      'text_delta',
    ]);
    expect(heardAt(answer, 'delta', 'thinking').join('')).toBe('Let me think.');
    expect(heardText('messages', answer)).toBe('Grüß Gott');
  });

  it('has a signature that says there is none, bound to its words', async () => {
    const { ask, script } = await startStage('common');
    script(told);
    const [signature] = heardAt(await ask('messages', questionOf('messages')), 'delta', 'signature');
    expect(stateIn(signature, 'Let me think.')).toEqual(NO_STATE);
    expect(stateIn(signature, 'Let me think')).toBeUndefined();
  });

  it('is read by the official Messages client', async () => {
    const { anthropic, script, model } = await startStage('common');
    script(told);
    const stream = anthropic.messages.stream({ model, max_tokens: 100, messages: asked });
    expect((await stream.finalMessage()).content).toMatchObject([
      { type: 'thinking', thinking: 'Let me think.', signature: expect.stringMatching(/^px1\./) as string },
      { type: 'text', text: 'Grüß Gott' },
    ]);
  });
});

describe('C022 reasoning and then a call, without text', () => {
  const args = '{"city": "Zürich", "days": 9007199254740993}';
  const told = chatStream(
    [
      { reasoning_content: 'The weather.' },
      callDelta(0, { id: 'call_1', name: 'get_weather', arguments: '' }),
      callDelta(0, { arguments: args.slice(0, 13) }),
      callDelta(0, { arguments: args.slice(13) }),
    ],
    'tool_calls',
  );

  it('is a thinking block and a tool_use block with the very arguments', async () => {
    const { ask, script } = await startStage('common');
    script(told);
    const answer = await ask('messages', questionOf('messages'));
    expect(heardAt(answer, 'content_block')).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'tool_use', id: 'call_1', name: 'get_weather', input: {} },
    ]);
    expect(heardAt(answer, 'delta', 'partial_json').join('')).toBe(args);
    expect(eventsOf(answer, 'content_block_stop')).toMatchObject([{ index: 0 }, { index: 1 }]);
    expect(heardAt(answer, 'delta', 'stop_reason')).toEqual(['tool_use']);
  });

  it('is read by the official Messages client', async () => {
    const { anthropic, script, model } = await startStage('common');
    script(
      chatStream([{ reasoning_content: 'Hm.' }, callDelta(0, { id: 'c', name: 'f', arguments: '{"a":1}' })]),
    );
    const stream = anthropic.messages.stream({ model, max_tokens: 100, messages: asked });
    const { content, stop_reason } = await stream.finalMessage();
    expect(stop_reason).toBe('tool_use');
    expect(content).toMatchObject([
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
    ]);
  });
});

it('C023 a Responses client gets a reasoning item that starts empty and ends with its summary', async () => {
  const { ask, script } = await startStage('common');
  script(chatStream([{ reasoning_content: 'Let me ' }, { reasoning_content: 'think.' }, { content: 'Hi' }]));
  const answer = await ask('responses', questionOf('responses'));
  const added = eventsOf(answer, 'response.output_item.added');
  const done = eventsOf(answer, 'response.output_item.done');
  expect(added).toMatchObject([
    { output_index: 0, item: { type: 'reasoning', status: 'in_progress', summary: [] } },
    { output_index: 1, item: { type: 'message' } },
  ]);
  expect(done).toMatchObject([
    {
      output_index: 0,
      item: { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Let me think.' }] },
    },
    { output_index: 1, item: { type: 'message' } },
  ]);
  expect(dig(done[0], 'item', 'id')).toBe(dig(added[0], 'item', 'id'));
  expect(stateIn(dig(done[0], 'item', 'encrypted_content'), 'Let me think.')).toEqual(NO_STATE);
  expect(typesOf(answer).filter((type) => String(type).includes('summary'))).toEqual([
    'response.reasoning_summary_part.added',
    'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.done',
    'response.reasoning_summary_part.done',
  ]);
  expect(listAt(readEvents(answer).at(-1)?.data, 'response', 'output')).toEqual(
    done.map((event) => dig(event, 'item')),
  );
});

it('C023 the official Responses client reads reasoning and text', async () => {
  const { openai, script, model } = await startStage('common');
  script(chatStream([{ reasoning_content: 'Let me think.' }, { content: 'Hi' }]));
  const { output } = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
  expect(output).toMatchObject([
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Let me think.' }] },
    { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
  ]);
});

describe('C024 signed thinking for a Chat client', () => {
  const told = messageStream([thinkingBlock(0, 'Let me think.', SIGNED.data), textBlock(1, 'Hi')]);

  it('is reasoning_content, the text, and one carrier of its signature before the finish', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    const answer = await ask('chat', questionOf('chat'));
    expect(heardAt(answer, 'choices', 0, 'delta', 'reasoning_content').join('')).toBe('Let me think.');
    expect(heardText('chat', answer)).toBe('Hi');
    const details = heardAt(answer, 'choices', 0, 'delta', 'reasoning_details');
    expect(details).toMatchObject([[{ type: 'reasoning.encrypted', index: 0 }]]);
    expect(stateIn(dig(details, 0, 0, 'data'), 'Let me think.')).toEqual(SIGNED);
    const chunks = heardAt(answer, 'choices', 0);
    expect(chunks.at(-2)).toHaveProperty('delta.reasoning_details');
    expect(chunks.at(-1)).toMatchObject({ delta: {}, finish_reason: 'stop' });
  });

  it('is kept by the official Chat client', async () => {
    const { openai, script, model } = await startStage('anthropic');
    script(told);
    const stream = openai.chat.completions.stream({ model, messages: asked });
    const message = (await stream.finalChatCompletion()).choices[0]?.message;
    expect(message).toMatchObject({ content: 'Hi', reasoning_details: [{ type: 'reasoning.encrypted' }] });
    expect(stateIn(dig(message, 'reasoning_details', 0, 'data'), 'Let me think.')).toEqual(SIGNED);
  });

  it('stands in the message of a JSON answer', async () => {
    const { ask, script } = await startStage('anthropic');
    script(told);
    const message = dig(readBody(await ask('chat', questionOf('chat', false))), 'choices', 0, 'message');
    expect(message).toMatchObject({ content: 'Hi', reasoning_content: 'Let me think.' });
    expect(stateIn(dig(message, 'reasoning_details', 0, 'data'), 'Let me think.')).toEqual(SIGNED);
  });
});

describe('C026 encrypted reasoning whose final value comes with the finished item', () => {
  const told = responsesStream([
    reasoningItem(0, ['Let me think.'], 'the-final-value'),
    messageItem(1, 'Hi'),
  ]);
  const final = { issuer: 'openai', family: '', kind: 'encrypted_content', data: 'the-final-value' };

  it('is carried by the signature of a streamed thinking block', async () => {
    const { ask, script } = await startStage('openai');
    script(told);
    const answer = await ask('messages', questionOf('messages'));
    const signatures = heardAt(answer, 'delta', 'signature');
    expect(signatures).toHaveLength(1);
    expect(stateIn(signatures[0], 'Let me think.')).toEqual(final);
  });

  it('is carried by the signature in a JSON answer', async () => {
    const { ask, script } = await startStage('openai');
    script(told);
    const body = readBody(await ask('messages', questionOf('messages', false)));
    expect(body).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'Let me think.' },
        { type: 'text', text: 'Hi' },
      ],
    });
    expect(stateIn(dig(body, 'content', 0, 'signature'), 'Let me think.')).toEqual(final);
  });

  it('is carried by a redacted block where it has no words', async () => {
    const { ask, script } = await startStage('openai');
    script(responsesStream([reasoningItem(0, [], 'the-final-value'), callItem(1, 'call_1', 'f', '{}')]));
    const body = readBody(await ask('messages', questionOf('messages', false)));
    expect(body).toMatchObject({ content: [{ type: 'redacted_thinking' }, { type: 'tool_use', name: 'f' }] });
    expect(stateIn(dig(body, 'content', 0, 'data'), '')).toEqual(final);
  });
});

it('C034 a redacted thinking block is a reasoning item without a summary for Responses', async () => {
  const { ask, script } = await startStage('anthropic');
  script(messageStream([messageBlock(0, { type: 'redacted_thinking', data: 'sealed' }), textBlock(1, 'Hi')]));
  const answer = await ask('responses', questionOf('responses'));
  const [reasoning, message] = eventsOf(answer, 'response.output_item.done');
  expect(reasoning).toMatchObject({ output_index: 0, item: { type: 'reasoning', summary: [] } });
  expect(message).toMatchObject({ output_index: 1, item: { type: 'message' } });
  const state = { issuer: 'anthropic', family: '', kind: 'redacted', data: 'sealed' };
  expect(stateIn(dig(reasoning, 'item', 'encrypted_content'), '')).toEqual(state);
});

it('C039 thoughts and text that alternate are separate items in their order', async () => {
  const { ask, script, openai, model } = await startStage('google');
  const told = googleStream([
    [{ text: 'first thought', thought: true }],
    [{ text: 'first ' }, { text: 'text' }],
    [{ text: 'second thought', thought: true }, { text: 'second text' }],
  ]);
  script(told, told);
  const answer = await ask('responses', questionOf('responses'));
  const expected = [
    { type: 'reasoning', summary: [{ text: 'first thought' }] },
    { type: 'message', content: [{ type: 'output_text', text: 'first text' }] },
    { type: 'reasoning', summary: [{ text: 'second thought' }] },
    { type: 'message', content: [{ type: 'output_text', text: 'second text' }] },
  ];
  const done = eventsOf(answer, 'response.output_item.done');
  expect(done).toMatchObject(expected.map((item, output_index) => ({ output_index, item })));
  expect(heardAt(answer, 'content_index').every((index) => index === 0)).toBe(true);
  const read = await openai.responses.stream({ model, input: 'Hello' }).finalResponse();
  expect(read.output).toMatchObject(expected);
});

describe('C041 two summary parts', () => {
  const told = responsesStream([reasoningItem(0, ['One.', 'Two.'], 'sealed'), messageItem(1, 'Hi')]);

  it('are one thinking block, joined by a blank line', async () => {
    const { ask, script } = await startStage('openai');
    script(told);
    const answer = await ask('messages', questionOf('messages'));
    expect(heardAt(answer, 'content_block', 'type')).toEqual(['thinking', 'text']);
    expect(heardAt(answer, 'delta', 'thinking').join('')).toBe('One.\n\nTwo.');
    const [signature] = heardAt(answer, 'delta', 'signature');
    expect(stateIn(signature, 'One.\n\nTwo.')).toMatchObject({ issuer: 'openai', data: 'sealed' });
  });
});
