import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { requireClient, streamOf } from './setup.ts';

const toldFor = (message: string): unknown =>
  requireClient().encodeError(new GatewayError('context-length', message), 'req_1').body['error'];
const worded = (message: string): object => ({ type: 'invalid_request_error', message });

describe('anthropic-messages prompts that are too long', () => {
  it.each([
    [
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
      'prompt is too long: 130000 tokens > 128000 maximum',
    ],
    [
      "This model's maximum context length is 65,536 tokens. However, you requested 70,001 tokens (60001 in the messages, 10000 in the completion).",
      'prompt is too long: 70001 tokens > 65536 maximum',
    ],
    [
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      'prompt is too long: 1200000 tokens > 1048576 maximum',
    ],
    [
      'Your request exceeded model token limit: 131072 (requested: 140000)',
      'prompt is too long: 140000 tokens > 131072 maximum',
    ],
    [
      'The prompt is too long: 140000, model maximum context length: 131071',
      'prompt is too long: 140000 tokens > 131071 maximum',
    ],
    [
      "Requested token count exceeds the model's maximum context length of 131072 tokens. You requested a total of 140000 tokens.",
      'prompt is too long: 140000 tokens > 131072 maximum',
    ],
  ])('are worded as Claude Code reads them: %s (C142)', (message, expected) => {
    expect(toldFor(message)).toEqual(worded(expected));
  });

  it.each([
    ['Your input exceeds the context window of this model.'],
    ['The input token count exceeds the maximum number of tokens allowed 1048576.'],
    ['maximum context length is 128000 tokens, and your messages resulted in 90 tokens'],
  ])('start with the words that it compacts at, whatever else is known: %s (C142)', (message) => {
    expect(toldFor(message)).toEqual(worded(`prompt is too long: ${message}`));
  });

  it.each(['prompt is too long: 210000 tokens > 200000 maximum', 'the prompt is too long'])(
    'keep words that say so: %s',
    (message) => {
      expect(toldFor(message)).toEqual(worded(message));
    },
  );

  it('are worded so inside a stream too', () => {
    const error = new GatewayError('context-length', 'context window exceeded');
    expect(streamOf([{ type: 'error', error }])).toContain('"prompt is too long: context window exceeded"');
  });

  it('are known as such when Anthropic reports them (C143)', () => {
    const body =
      '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}';
    expect(anthropicMessages.upstream.decodeError(400, body, () => undefined)).toMatchObject({
      kind: 'context-length',
      status: 400,
    });
  });
});
