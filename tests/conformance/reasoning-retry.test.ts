import { describe, expect, it } from 'vitest';
import { createCarrier } from '../../src/kernel/carrier.ts';
import { dig, listAt, startStage } from './support/stage.ts';
import type { Client } from './support/stage.ts';
import { jsonOf, namedEvents, streamOf } from './support/wire.ts';

const TEXT = 'Let me think.';
const question = { role: 'user', content: 'What is the weather?' };
const chatTool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } };
const messagesTool = { name: 'f', input_schema: { type: 'object' } };
const responsesTool = { type: 'function', name: 'f', parameters: { type: 'object' } };

/** The same open tool loop for every client: reasoning with this state, a call, its result. */
const LOOPS: Readonly<Record<Client, (carrier: string) => object>> = {
  messages: (signature) => ({
    messages: [
      question,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: TEXT, signature },
          { type: 'tool_use', id: 'call_1', name: 'f', input: {} },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'sunny' }] },
    ],
    tools: [messagesTool],
  }),
  chat: (data) => ({
    messages: [
      question,
      {
        role: 'assistant',
        content: null,
        reasoning_content: TEXT,
        reasoning_details: [{ type: 'reasoning.encrypted', data, index: 0 }],
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ],
    tools: [chatTool],
  }),
  responses: (encrypted_content) => ({
    input: [
      question,
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: TEXT }], encrypted_content },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
    ],
    tools: [responsesTool],
  }),
};

const STALE = 'stale-state';
const CASES = [
  {
    upstream: 'openai',
    kind: 'encrypted_content',
    issuer: 'openai',
    clients: ['messages', 'chat'],
    refusal: {
      error: {
        message: 'The encrypted content for item rs_1 could not be verified.',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_encrypted_content',
      },
    },
  },
  {
    upstream: 'anthropic',
    kind: 'signature',
    issuer: 'anthropic',
    clients: ['responses', 'chat'],
    refusal: {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'messages.1.content.0: Invalid `signature` in `thinking` block',
      },
    },
  },
  {
    upstream: 'google',
    kind: 'thoughtSignature',
    issuer: 'gemini',
    clients: ['messages', 'responses', 'chat'],
    refusal: { error: { code: 400, message: 'Corrupted thought signature.', status: 'INVALID_ARGUMENT' } },
  },
] as const;
const PAIRS = CASES.flatMap(({ clients, ...rest }) => clients.map((client) => ({ client, ...rest })));

const stateOf = ({ issuer, kind }: Pick<(typeof CASES)[number], 'issuer' | 'kind'>, family = ''): string =>
  createCarrier({ issuer, family, kind, data: STALE }, TEXT);

describe('C035 state that its own service no longer takes', () => {
  it.each([true, false])(
    'is left out where the refusal is the first event of a stream: %s',
    async (stream) => {
      const stage = await startStage('anthropic');
      const [, { refusal }] = CASES;
      stage.script(streamOf(namedEvents(refusal)));
      const state = stateOf({ issuer: 'anthropic', kind: 'signature' });
      const answer = await stage.ask('responses', { stream, ...LOOPS.responses(state) });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('"status":"completed"');
      expect(stage.gateway.sandbox.requests).toHaveLength(2);
      expect(JSON.stringify(stage.sent(1))).not.toContain(STALE);
    },
  );

  it.each([
    '`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified',
    'Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
  ])('is left out when the service says: %s', async (message) => {
    const stage = await startStage('anthropic');
    stage.script(jsonOf({ type: 'error', error: { type: 'invalid_request_error', message } }, 400));
    const state = stateOf({ issuer: 'anthropic', kind: 'signature' });
    expect((await stage.ask('responses', LOOPS.responses(state))).status).toBe(200);
  });

  it.each(PAIRS)('is left out of one more try: $client to $upstream', async (pair) => {
    const stage = await startStage(pair.upstream);
    stage.script(jsonOf(pair.refusal, 400));
    const answer = await stage.ask(pair.client, LOOPS[pair.client](stateOf(pair)));
    expect(answer.status).toBe(200);
    expect(stage.gateway.sandbox.requests).toHaveLength(2);
    expect(JSON.stringify(stage.sent(0))).toContain(STALE);
    expect(JSON.stringify(stage.sent(1))).not.toContain(STALE);
    expect(JSON.stringify(stage.sent(1))).not.toContain(TEXT);
  });

  it.each(PAIRS)('is not left out twice: $client to $upstream', async (pair) => {
    const stage = await startStage(pair.upstream);
    stage.script(jsonOf(pair.refusal, 400), jsonOf(pair.refusal, 400));
    const answer = await stage.ask(pair.client, LOOPS[pair.client](stateOf(pair)));
    expect(answer.status).toBe(400);
    expect(stage.gateway.sandbox.requests).toHaveLength(2);
  });

  it.each(PAIRS)('of another family is never sent: $client to $upstream', async (pair) => {
    const stage = await startStage(pair.upstream, { capabilities: { family: 'new' } });
    const answer = await stage.ask(pair.client, LOOPS[pair.client](stateOf(pair, 'old')));
    expect(answer.status).toBe(200);
    expect(stage.gateway.sandbox.requests).toHaveLength(1);
    expect(JSON.stringify(stage.sent())).not.toContain(STALE);
  });

  it('is no reason to ask again when none was sent', async () => {
    const stage = await startStage('openai');
    stage.script(jsonOf(CASES[0].refusal, 400));
    const answer = await stage.ask('chat', { messages: [question] });
    expect(answer.status).toBe(400);
    expect(dig(JSON.parse(answer.text), 'error', 'code')).toBe('invalid_encrypted_content');
    expect(stage.gateway.sandbox.requests).toHaveLength(1);
  });

  it('takes the call itself along without the ids that demand its reasoning', async () => {
    const stage = await startStage('openai');
    stage.script(jsonOf(CASES[0].refusal, 400));
    await stage.ask('messages', LOOPS.messages(stateOf(CASES[0])));
    expect(listAt(stage.sent(), 'input').map((item) => dig(item, 'type'))).toEqual([
      'message',
      'function_call',
      'function_call_output',
    ]);
    expect(dig(stage.sent(), 'input', 1, 'id')).toBeUndefined();
  });
});
