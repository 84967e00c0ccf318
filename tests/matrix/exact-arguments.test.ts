import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { heardAt } from '../conformance/support/speech.ts';
import { PATH, startStage } from '../conformance/support/stage.ts';
import type { Client, Upstream } from '../conformance/support/stage.ts';
import { callDelta, chatStream } from '../conformance/support/wire-chat.ts';
import { googleStream } from '../conformance/support/wire-google.ts';
import { messageStream, toolUseBlock } from '../conformance/support/wire-messages.ts';
import { callItem, responsesStream } from '../conformance/support/wire-responses.ts';
import { post } from '../support/gateway.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { MODEL, PAIRS } from './scenarios.ts';

/** What a reader that takes numbers for doubles, or sets members by assignment, would change. */
const ARGS = '{"id":9007199254740993123,"__proto__":{"deep":-1234567890123456789},"a":[1e400]}';
const PLACE = '"the arguments"';
const NAME = 'look_up';

const withArguments = (answer: ScriptedAnswer): ScriptedAnswer =>
  'chunks' in answer
    ? { ...answer, chunks: answer.chunks.map((chunk) => String(chunk).replace(PLACE, ARGS)) }
    : answer;

/** A stream that calls one tool. */
const CALLING: Readonly<Record<Upstream, () => ScriptedAnswer>> = {
  anthropic: () =>
    messageStream([toolUseBlock(0, 'call_1', NAME, ARGS.slice(0, 12), ARGS.slice(12))], 'tool_use'),
  openai: () => responsesStream([callItem(0, 'call_1', NAME, ARGS)]),
  common: () =>
    chatStream(
      [
        callDelta(0, { id: 'call_1', name: NAME, arguments: '' }),
        callDelta(0, { arguments: ARGS.slice(0, 12) }),
        callDelta(0, { arguments: ARGS.slice(12) }),
      ],
      'tool_calls',
    ),
  google: () =>
    withArguments(
      googleStream([[{ functionCall: { id: 'call_1', name: NAME, args: JSON.parse(PLACE) as string } }]]),
    ),
};

const tool = { name: NAME, description: 'Looks it up.' };
const schema = { type: 'object', properties: { id: { type: 'integer' } } };
const user = { role: 'user', content: 'Look it up.' };

/** The first request, and the second with the call and its result. */
const ASKING: Readonly<Record<Client, { readonly first: object; readonly second: object }>> = {
  chat: both('messages', { tools: [{ type: 'function', function: { ...tool, parameters: schema } }] }, [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: NAME, arguments: ARGS } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'found' },
  ]),
  responses: both('input', { tools: [{ type: 'function', ...tool, parameters: schema, strict: false }] }, [
    { type: 'function_call', call_id: 'call_1', name: NAME, arguments: ARGS },
    { type: 'function_call_output', call_id: 'call_1', output: 'found' },
  ]),
  messages: both('messages', { max_tokens: 1000, tools: [{ ...tool, input_schema: schema }] }, [
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'call_1', name: NAME, input: JSON.parse(PLACE) as string }],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'found' }] },
  ]),
};

function both(field: string, rest: object, more: readonly object[]): { first: object; second: object } {
  return { first: { ...rest, [field]: [user] }, second: { ...rest, [field]: [user, ...more] } };
}

const bodyOf = (upstream: Upstream, request: object, stream: boolean): string =>
  JSON.stringify({ ...request, model: MODEL[upstream], stream }).replace(PLACE, ARGS);

/** The text of the arguments, as a client puts it together or as it stands in the body. */
const HEARD: Readonly<Record<Client, (answer: RawAnswer, stream: boolean) => string>> = {
  chat: (answer, stream) => {
    const path = stream ? 'delta' : 'message';
    const at = ['choices', 0, path, 'tool_calls', 0, 'function', 'arguments'] as const;
    return (stream ? heardAt(answer, ...at) : heardAt({ text: `data: ${answer.text}\n\n` }, ...at)).join('');
  },
  responses: (answer, stream) =>
    stream
      ? heardAt(answer, 'response', 'output', 0, 'arguments').join('')
      : heardAt({ text: `data: ${answer.text}\n\n` }, 'output', 0, 'arguments').join(''),
  messages: (answer, stream) =>
    stream
      ? heardAt(answer, 'delta', 'partial_json').join('')
      : (/"input":(\{.*?\]\})/.exec(answer.text)?.[1] ?? ''),
};

/** How the arguments stand in the body of a request. */
const WRITTEN: Readonly<Record<Upstream, string>> = {
  anthropic: `"input":${ARGS}`,
  openai: `"arguments":${JSON.stringify(ARGS)}`,
  common: `"arguments":${JSON.stringify(ARGS)}`,
  google: `"args":${ARGS}`,
};

describe('arguments that JSON.parse would change', () => {
  it.each(PAIRS)(
    'C169 reach $client as $upstream wrote them, streaming: $stream',
    async ({ client, upstream, stream }) => {
      const stage = await startStage(upstream, { model: MODEL[upstream] });
      stage.script(CALLING[upstream]());
      const answer = await post(
        stage.gateway.url + PATH[client],
        bodyOf(upstream, ASKING[client].first, stream),
      );
      expect(answer.status).toBe(200);
      expect(HEARD[client](answer, stream)).toBe(ARGS);
    },
  );

  it.each(PAIRS)(
    'C169 reach $upstream as $client wrote them, streaming: $stream',
    async ({ client, upstream, stream }) => {
      const stage = await startStage(upstream, { model: MODEL[upstream] });
      const answer = await post(
        stage.gateway.url + PATH[client],
        bodyOf(upstream, ASKING[client].second, stream),
      );
      expect(answer.status).toBe(200);
      expect(stage.gateway.sandbox.requests.at(-1)?.body).toContain(WRITTEN[upstream]);
    },
  );
});
