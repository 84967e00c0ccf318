import type Anthropic from '@anthropic-ai/sdk';
import type { ChatRequest, Turn } from '../../../src/kernel/conversation.ts';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { decodeRequest } from '../../../src/protocols/anthropic-messages/decode-request.ts';

/** What the official SDK, in its beta form, lets a client write. */
type Params = Anthropic.Beta.MessageCreateParams;
export type Messages = Params['messages'];
export type Block = Anthropic.Beta.BetaContentBlockParam;

const MINIMAL = { model: 'm', max_tokens: 1000, messages: [{ role: 'user', content: 'hi' }] };

interface Decoded {
  readonly request: ChatRequest;
  readonly notes: string;
}

/** Decodes a body of this JSON text. */
export function decodeText(text: string): Decoded {
  const losses = createLossLog();
  const request = decodeRequest(parseJson(text) as JsonObject, losses);
  return { request, notes: losses.summary() };
}

/** Decodes a request that has these members, right or wrong, besides a model, a limit and one message. */
export const decodeAny = (members: object): Decoded => decodeText(JSON.stringify({ ...MINIMAL, ...members }));

/** Decodes a request as the SDK's types allow it. */
export const decode = (members: Partial<Params>): Decoded => decodeAny(members);

/** The turns of these messages. */
export const turnsOf = (...messages: Messages): readonly Turn[] => decode({ messages }).request.turns;

/** The parts of an assistant turn with these blocks. */
export function answerOf(...content: readonly Block[]): { readonly parts: unknown; readonly notes: string } {
  const { request, notes } = decode({
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [...content] },
    ],
  });
  const turn = request.turns[1];
  return { parts: turn?.role === 'assistant' ? turn.parts : undefined, notes };
}

/** The error of a body that has these members, or `undefined` when it can be decoded. */
export function refusalOf(members: object): GatewayError | undefined {
  try {
    decodeAny(members);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** A user's message with these blocks, right or wrong, as the members of a body. */
export const userBlocks = (...content: readonly unknown[]): object => ({
  messages: [{ role: 'user', content }],
});
