import { describe, expect, it } from 'vitest';
import { ERROR_KINDS, GatewayError } from '../../src/kernel/gateway-error.ts';
import { findJson, findObject, parseJson, writeJson } from '../../src/kernel/json.ts';
import type { Reply } from '../../src/kernel/reply.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { eventsOf, fixtures, wholeReply } from './fixtures.ts';
import { answerContext, clients, readBack, streamText } from './read-back.ts';

const pairs = clients.flatMap((client) =>
  fixtures.map((fixture) => ({ client, fixture, name: `${fixture.name} for ${client.protocol}` })),
);

/**
 * The parts of an answer that every dialect can carry: words, without the explanation that some dialects put beside a
 * refusal and others into it, and the calls of functions whose arguments are whole.
 */
const essence = ({ blocks }: Reply, explanation = '') => ({
  text: blocks
    .map((block) => (block.kind === 'text' || block.kind === 'refusal' ? block.text : ''))
    .join('')
    .replace(explanation, ''),
  calls: blocks.flatMap((block) =>
    block.kind === 'tool-call' && isWholeCall(block) ? [[flatName(block), block.id, block.args || '{}']] : [],
  ),
});

/** A namespace is part of the name where a dialect has none. */
const flatName = ({ name, namespace }: { readonly name: string; readonly namespace?: string }): string =>
  namespace === undefined ? name : `${namespace}__${name}`;

/** Free text and arguments that were cut travel in a wrapper where a dialect allows nothing but objects. */
const isWholeCall = ({ args }: { readonly args: string }): boolean =>
  findObject(findJson(args || '{}')) !== undefined && !/^\{"(?:_raw|input)":/.test(args);

describe.each(pairs)('$name', ({ client, fixture }) => {
  const reply = wholeReply(fixture);

  it('streams text and calls that read back as they were', () => {
    const text = streamText(client, eventsOf(fixture, 'sse', [fixture.stream]));
    expect(essence(readBack(client, 'sse', text), reply.stop.explanation)).toEqual(essence(reply));
  });

  it('answers in one body with text and calls that read back as they were', () => {
    const text = writeJson(client.encodeReply(reply, answerContext()));
    expect(essence(readBack(client, 'json', text), reply.stop.explanation)).toEqual(essence(reply));
  });

  it('says the same in both forms', () => {
    const streamed = readBack(client, 'sse', streamText(client, eventsOf(fixture, 'sse', [fixture.stream])));
    const whole = readBack(client, 'json', writeJson(client.encodeReply(reply, answerContext())));
    expect({ ...streamed.stop, ...essence(streamed) }).toEqual({
      ...whole.stop,
      ...essence(whole),
    });
  });

  it('ends a failed stream without its success terminator', () => {
    const events = eventsOf(fixture, 'sse', [fixture.stream]).filter(({ type }) => type !== 'reply-end');
    const error = new GatewayError('stream-cut', 'the upstream closed');
    const text = streamText(client, [...events, { type: 'error', error }]);
    expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/);
    expect(text).toContain('the upstream closed');
  });
});

describe.each(clients)('errors for $protocol', (client) => {
  it.each(ERROR_KINDS)('tell %s with a status, the message and the request id', (kind) => {
    const { status, body, headers } = client.encodeError(new GatewayError(kind, 'what happened'), 'req_1');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(writeJson(body)).toContain('what happened');
    expect(headers['x-request-id']).toBe('req_1');
    expect(client.isErrorBody(parseJson(writeJson(body)))).toBe(true);
  });

  it.each(ERROR_KINDS)('tell %s in the middle of a relayed stream, as a frame of its own', (kind) => {
    const text = client.encodeStreamError(new GatewayError(kind, 'what happened'), 'req_1');
    expect(text).toMatch(/^(event: \w+\n)?data: .*what happened.*\n\n$/);
  });

  it('has a heartbeat that readers of the dialect skip', () => {
    expect(client.heartbeat).toMatch(/^(: .*|event: ping\ndata: .*)\n\n$/);
  });
});

describe('Chat Completions and Responses, which share one vendor and one SDK', () => {
  const [chat, responses] = (['openai-chat', 'openai-responses'] as const).map(
    (id) => protocols.byId(id).client,
  );
  const codes = [undefined, 'model_not_found', 'of_the_upstream'];
  const details = codes.map((code) => (code === undefined ? {} : { code, param: 'p', retryAfterSeconds: 3 }));

  it.each(ERROR_KINDS.flatMap((kind) => details.map((more) => [kind, more] as const)))(
    'tell a failure of kind %s with %j in the same words',
    (kind, more) => {
      const error = new GatewayError(kind, 'what happened', more);
      expect(chat?.encodeError(error, 'req_1')).toEqual(responses?.encodeError(error, 'req_1'));
    },
  );
});
