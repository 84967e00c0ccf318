import Anthropic, { APIError } from '@anthropic-ai/sdk';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { writeJson } from '../../../src/kernel/json.ts';
import type { BlockHead, StreamEvent } from '../../../src/kernel/stream-event.ts';
import { listenHttp } from '../../support/loopback.ts';
import { readFixture } from '../../support/read-fixture.ts';
import {
  answerContext,
  calls,
  encode,
  eventsOf,
  replyOf,
  requireClient,
  results,
  streamOf,
  user,
} from './setup.ts';

const ASK = { model: 'alias', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] } as const;

/** The official SDK in front of a server that answers everything with this. */
async function clientOf(status: number, contentType: string, text: string): Promise<Anthropic> {
  const { url } = await listenHttp((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': contentType, 'request-id': 'req_1' }).end(text);
  });
  return new Anthropic({ apiKey: 'placeholder', baseURL: url, maxRetries: 0 });
}

const accumulate = async (text: string): Promise<unknown> => {
  const client = await clientOf(200, 'text/event-stream', text);
  const stream = client.messages.stream({ ...ASK, messages: [...ASK.messages] });
  stream.on('error', () => undefined);
  return JSON.parse(JSON.stringify(await stream.finalMessage())) as unknown;
};

describe('the official Anthropic SDK', () => {
  it.each([
    'text',
    'tool-call',
    'parallel-tools',
    'reasoning',
    'reasoning-tool',
    'max-tokens',
    'refusal',
    'stop-sequence',
    'empty',
  ])('reads %s as a stream just as it is in one body', async (name) => {
    const events = eventsOf(readFixture(`anthropic-messages/${name}.2026-11.sse`));
    const whole = requireClient().encodeReply(
      replyOf(readFixture(`anthropic-messages/${name}.2026-11.sse`)),
      answerContext(),
    );
    expect(await accumulate(streamOf(events))).toMatchObject(JSON.parse(writeJson(whole)) as object);
  });

  it('reads blocks that overlapped upstream (C045)', async () => {
    const call = (id: string): BlockHead => ({ kind: 'tool-call', id, callKind: 'function', name: 'f' });
    const events: StreamEvent[] = [
      { type: 'reply-start', id: '', model: 'm' },
      { type: 'block-start', index: 0, block: call('a') },
      { type: 'block-start', index: 1, block: call('b') },
      { type: 'block-delta', index: 1, text: '{"n":' },
      { type: 'block-delta', index: 0, text: '{"n":1}' },
      { type: 'block-delta', index: 1, text: '2}' },
      { type: 'block-end', index: 1 },
      { type: 'block-end', index: 0 },
      { type: 'reply-end', stop: { reason: 'tool-calls' } },
    ];
    expect(await accumulate(streamOf(events))).toMatchObject({
      content: [
        { id: 'a', input: { n: 1 } },
        { id: 'b', input: { n: 2 } },
      ],
      stop_reason: 'tool_use',
    });
  });

  it('reads what other services thought, and the state of their calls', async () => {
    const opaque = { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'zzz' } as const;
    const call: BlockHead = { kind: 'tool-call', id: 'a', callKind: 'function', name: 'f', opaque };
    const events: StreamEvent[] = [
      { type: 'reply-start', id: '', model: 'm' },
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      { type: 'reasoning-delta', index: 0, form: 'summary', part: 0, text: 'hm' },
      { type: 'block-end', index: 0 },
      { type: 'block-start', index: 1, block: call },
      { type: 'block-end', index: 1 },
      { type: 'reply-end', stop: { reason: 'tool-calls' } },
    ];
    expect(await accumulate(streamOf(events, { native: false }))).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'hm', signature: expect.stringMatching(/^px1\./) as string },
        { type: 'redacted_thinking', data: expect.stringMatching(/^px1\./) as string },
        { type: 'tool_use', id: 'a', input: {} },
      ],
    });
  });

  it('throws at an error in the stream instead of taking half an answer', async () => {
    const events = eventsOf(readFixture('anthropic-messages/text.2026-11.sse')).slice(0, 4);
    const error = new GatewayError('overloaded', 'busy');
    await expect(accumulate(streamOf([...events, { type: 'error', error }]))).rejects.toThrow(
      /overloaded_error.*busy/,
    );
  });

  it('throws the right class for an error answer', async () => {
    const { status, body } = requireClient().encodeError(
      new GatewayError('rate-limit', 'slow down'),
      'req_1',
    );
    const client = await clientOf(status, 'application/json', writeJson(body));
    const failure = await client.messages
      .create({ ...ASK, messages: [...ASK.messages] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({
      status: 429,
      requestID: 'req_1',
      error: { error: { type: 'rate_limit_error' } },
    });
  });

  it('has types that fit our requests', () => {
    // The newest types know no sampling, which older models take.
    const expected: Omit<MessageCreateParamsStreaming, 'model'> & { temperature: number } = {
      max_tokens: 100,
      stream: true,
      system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object', properties: {} } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
            { type: 'document', source: { type: 'url', url: 'https://example.org/a.pdf' }, title: 'a.pdf' },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input: {} }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'result of c1' }] },
            { type: 'text', text: 'go' },
          ],
        },
      ],
      temperature: 0.5,
      stop_sequences: ['END'],
      output_config: {
        format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
      },
      metadata: { user_id: 'u' },
      service_tier: 'standard_only',
    };
    const { body } = encode({
      maxTokens: 100,
      system: [{ role: 'system', text: 's', cache: { ttl: '1h' } }],
      tools: [{ kind: 'function', name: 'f', description: 'd', at: 'tools[0]' }],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      turns: [
        {
          role: 'user',
          at: 'messages[0]',
          parts: [
            { kind: 'text', text: 'a' },
            { kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
            {
              kind: 'document',
              source: { type: 'url', url: 'https://example.org/a.pdf' },
              filename: 'a.pdf',
            },
          ],
        },
        calls('c1'),
        results('c1'),
        user('go', 'messages[3]'),
      ],
      sampling: { temperature: 0.5 },
      stop: ['END'],
      format: { type: 'json-schema', schema: { type: 'object' } },
      endUser: 'u',
      serviceTier: 'default',
    });
    expect(body).toEqual(expected);
  });
});
