import OpenAI from 'openai';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { Block, Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { listenHttp } from '../../support/loopback.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { answerContext, client, encodeEvents, eventsOfBody, eventsOfText } from './support.ts';

type Delta = { readonly reasoning_content?: string } | undefined;

/** What the SDK makes of a stream; it keeps the last piece only of members it does not know, so we join them. */
async function accumulate(text: string): Promise<ChatCompletion> {
  const server = await listenHttp((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  });
  const sdk = new OpenAI({ apiKey: 'none', baseURL: `${server.url}/v1`, maxRetries: 0 });
  const stream = sdk.chat.completions.stream({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
  let reasoning = '';
  stream.on('chunk', ({ choices }) => {
    reasoning += (choices[0]?.delta as Delta)?.reasoning_content ?? '';
  });
  const completion = await stream.finalChatCompletion();
  const message = completion.choices[0]?.message;
  if (message !== undefined && reasoning !== '') Object.assign(message, { reasoning_content: reasoning });
  return completion;
}

/** The SDK leaves out what is null and adds `parsed`. */
const essence = (completion: ChatCompletion | undefined) => {
  const { message, finish_reason } = completion?.choices[0] ?? {};
  const { content, refusal, tool_calls, annotations } = message ?? {};
  const reasoning = (message as { reasoning_content?: string } | undefined)?.reasoning_content;
  const calls = tool_calls?.map((call) =>
    call.type === 'function' ? [call.id, call.function.name, call.function.arguments] : call,
  );
  return {
    content: content === '' ? null : content,
    refusal: refusal ?? null,
    ...{ calls, annotations, reasoning, finish_reason },
  };
};

const eventsOfFixture = (name: string) => eventsOfText(readFixture(`openai-chat/${name}.2026-11.sse`));

const citation = { kind: 'url', url: 'https://a.example', title: 'A' } as const;
const reasoning = (raw: string, ...summary: string[]): Block => ({ kind: 'reasoning', raw, summary });
const text = (value: string): Block => ({ kind: 'text', text: value, annotations: [citation] });
const call = (id: string, args: string): Block => ({
  kind: 'tool-call',
  id,
  callKind: 'function',
  name: 'f',
  args,
});
const MIXED: Reply = {
  id: 'resp_1',
  model: 'u',
  blocks: [
    reasoning('', 'a', 'b'),
    text('x'),
    reasoning('raw'),
    text('y'),
    call('c', '{"n":1}'),
    call('d', ''),
  ],
  stop: { reason: 'tool-calls' },
};
const REFUSED: Reply = {
  id: '',
  model: 'u',
  blocks: [text('x')],
  stop: { reason: 'refusal', explanation: 'Not allowed.' },
};

function replayed(reply: Reply): StreamEvent[] {
  const events: StreamEvent[] = [];
  replayReply(reply, (event) => events.push(event));
  return events;
}

describe('openai-chat streams in the OpenAI SDK', () => {
  it.each([
    'citations',
    'max-tokens',
    'parallel-tools',
    'reasoning',
    'reasoning-tool',
    'refusal',
    'text',
    'tool-call',
  ])('gives the same answer as the body, for %s (C007, C040, C171)', async (name) => {
    const events = eventsOfFixture(name);
    const body = client.encodeReply(collectReply(events), answerContext()) as unknown as ChatCompletion;
    expect(essence(await accumulate(encodeEvents(events)))).toEqual(essence(body));
  });

  it.each([
    ['reasoning, text and calls mixed', MIXED],
    ['a refusal that is only explained (C036)', REFUSED],
  ])('gives the same answer as the body, for %s', async (_what, reply) => {
    const body = client.encodeReply(reply, answerContext()) as unknown as ChatCompletion;
    expect(essence(await accumulate(encodeEvents(replayed(reply))))).toEqual(essence(body));
  });

  it('reads an upstream body that is told as a stream (C018)', async () => {
    const events = eventsOfBody(parseJson(readFixture('openai-chat/tool-call.2026-11.json')));
    const { choices } = await accumulate(encodeEvents(events));
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'Looking it up.', tool_calls: [{ id: 'call_weather01' }] },
    });
  });

  it('hands out the usage that was asked for (C126)', async () => {
    const context = answerContext({ wantUsageChunk: true });
    const { usage } = await accumulate(encodeEvents(eventsOfFixture('text'), context));
    expect(usage).toMatchObject({ prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 400 } });
  });

  it('throws on a stream that was cut, with our message (C135)', async () => {
    const sse = readFixture('openai-chat/text.2026-11.sse');
    const cut = eventsOfText(sse.slice(0, sse.indexOf('"finish_reason":"stop"')));
    await expect(accumulate(encodeEvents(cut))).rejects.toThrow(
      'the upstream closed the stream before the answer was complete',
    );
  });

  it('throws on an error in the middle of a relayed stream', async () => {
    const error = new GatewayError('overloaded', 'come back later');
    await expect(accumulate(client.encodeStreamError(error, 'req_1'))).rejects.toMatchObject({
      code: 'overloaded',
      type: 'server_error',
    });
  });

  it('keep the state of reasoning and calls, all citations and all logprobs (C171)', async () => {
    const opaque = (data: string) =>
      ({ issuer: 'gemini', family: '', kind: 'thoughtSignature', data }) as const;
    const cited = { kind: 'text', text: 'x', annotations: [citation, citation] } as const;
    const logprobs = [
      { token: 'x', logprob: -0.5, top: [] },
      { token: 'y', logprob: -0.5, top: [] },
    ];
    const reply: Reply = {
      ...MIXED,
      blocks: [
        { ...reasoning('a'), opaque: opaque('s1') } as Block,
        { ...cited, logprobs },
        { ...reasoning('b'), opaque: opaque('s2') } as Block,
        { ...cited, logprobs },
        { ...call('c', '{}'), opaque: opaque('s3') } as Block,
      ],
    };
    const context = answerContext({ logprobs: { top: 0 } });
    const body = client.encodeReply(reply, context) as unknown as ChatCompletion;
    const streamed = await accumulate(encodeEvents(replayed(reply), context));
    const kept = ({ choices }: ChatCompletion) => {
      const { message, logprobs: weighed } = choices[0] ?? {};
      const { reasoning_details } = message as unknown as { reasoning_details: unknown };
      const extra = message?.tool_calls?.map((entry) => (entry as { extra_content?: unknown }).extra_content);
      return { reasoning_details, extra, annotations: message?.annotations, tokens: weighed?.content };
    };
    expect(kept(streamed)).toEqual(kept(body));
    expect(kept(streamed)).toMatchObject({
      reasoning_details: [{ index: 0 }, { index: 1 }],
      extra: [{ google: {} }],
      annotations: [{}, {}, {}, {}],
      tokens: [{}, {}, {}, {}],
    });
  });
});
