import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { Block, Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { listenHttp } from '../../support/loopback.ts';
import { answerContext, ask, callBlock, client, encodeEvents, replyWith, textBlock } from './support.ts';

const eventsOf = (reply: Reply): StreamEvent[] => {
  const events: StreamEvent[] = [];
  replayReply(reply, (event) => events.push(event));
  return events;
};

/** The official client, in front of a server that answers with this stream. */
async function sdkFor(text: string): Promise<OpenAI> {
  const { url } = await listenHttp((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.end(text);
  });
  return new OpenAI({ apiKey: 'none', baseURL: `${url}/v1`, maxRetries: 0 });
}

async function accumulated(text: string) {
  const sdk = await sdkFor(text);
  return sdk.responses.stream({ model: 'asked-model', input: 'hi' }).finalResponse();
}

const reasoning: Block = { kind: 'reasoning', raw: '', summary: ['One', 'Two'] };
const opaqueOnly: Block = {
  kind: 'reasoning',
  raw: '',
  summary: [],
  opaque: { issuer: 'openai', family: '', kind: 'encrypted_content', data: 'gAAA' },
};
const signed: Block = {
  ...callBlock('c1', '{"a":1}'),
  opaque: { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'ts' },
} as Block;
const weighed: Block = {
  kind: 'text',
  text: 'x',
  annotations: [],
  logprobs: [{ token: 'x', logprob: -1, bytes: [120], top: [] }],
};
const shell: Block = {
  kind: 'tool-call',
  id: 'c3',
  callKind: 'function',
  name: 'shell',
  args: '{"commands":["ls"]}',
};
const request = ask({
  tools: [{ kind: 'function', at: 'tools[0]', name: 'shell', builtin: 'shell' }],
  logprobs: { top: 0 },
});
const raw: Block = { kind: 'reasoning', raw: 'Hm.', summary: [] };
const custom: Block = { kind: 'tool-call', id: 'c2', callKind: 'custom', name: 'apply_patch', args: '***' };
const cited: Block = {
  ...textBlock('x'),
  kind: 'text',
  text: 'x',
  annotations: [{ kind: 'url', url: 'https://e.com' }],
};

describe('the official client reading an openai-responses stream', () => {
  it.each<[string, Reply, string]>([
    ['text', replyWith([textBlock('Zürich 你好 🎉')]), 'completed'],
    ['cited text', replyWith([cited]), 'completed'],
    [
      'reasoning and two calls',
      replyWith([reasoning, callBlock('c1', '{"a":1}'), callBlock('c2', '')]),
      'completed',
    ],
    ["the model's own reasoning", replyWith([raw, textBlock('x')]), 'completed'],
    ['a refusal (C172)', replyWith([{ kind: 'refusal', text: 'No.' }], { reason: 'refusal' }), 'completed'],
    ['reasoning that is state alone (C172)', replyWith([opaqueOnly, custom]), 'completed'],
    ['a call that was cut (C172)', replyWith([callBlock('c1', '{"a')], { reason: 'length' }), 'incomplete'],
    ['a call with state of its own', replyWith([signed]), 'completed'],
    ['a call of a built-in tool', replyWith([shell]), 'completed'],
    ['a call of a built-in tool that was cut', replyWith([{ ...shell, args: '{"' }]), 'completed'],
    ['text with its probabilities', replyWith([weighed, reasoning]), 'completed'],
    ['nothing', replyWith([]), 'completed'],
  ])('gathers %s as the whole body tells it', async (_name, reply, status) => {
    const told = await accumulated(encodeEvents(eventsOf(reply), answerContext(request)));
    expect(told.status).toBe(status);
    const body = client.encodeReply(reply, answerContext(request));
    expect(told).toMatchObject({ output: body['output'], usage: body['usage'] });
  });

  it('is content with a failure that leaves an item open (C172)', async () => {
    const events = eventsOf(replyWith([textBlock('partial')])).slice(0, 3);
    const error = new GatewayError('stream-cut', 'the upstream closed');
    const told = await accumulated(encodeEvents([...events, { type: 'error', error }]));
    expect(told).toMatchObject({
      status: 'failed',
      error: { code: 'stream_incomplete' },
      output: [{ content: [{ text: 'partial' }] }],
    });
  });

  it('does not see heartbeats', async () => {
    const text = encodeEvents(eventsOf(replyWith([textBlock('x')])));
    const told = await accumulated(text.replaceAll('\n\n', `\n\n${client.heartbeat}`));
    expect(told.output_text).toBe('x');
  });

  it('throws on a failure in the middle of a relayed stream', async () => {
    const error = new GatewayError('timeout', 'the upstream fell silent');
    const begun = encodeEvents(eventsOf(replyWith([textBlock('x')])).slice(0, 3));
    await expect(accumulated(begun + client.encodeStreamError(error, 'req_1'))).rejects.toMatchObject({
      message: 'the upstream fell silent',
      code: 'timeout',
    });
  });
});
