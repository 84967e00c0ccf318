import { createFakeClock } from './fake-clock.ts';
import { postJson, startGateway } from './gateway.ts';
import type { GatewayOptions, RawAnswer, TestGateway } from './gateway.ts';

const chat = { path: '/v1/chat/completions', ends: /"finish_reason":"stop"|\[DONE\]/ } as const;
const responses = { path: '/v1/responses', ends: /response\.completed|"status":"completed"/ } as const;
const messages = { path: '/v1/messages', ends: /message_stop|"stop_reason":"end_turn"/ } as const;

/** A client's dialect and the model that it asks for; `ends` finds what ends a good stream. */
export const TRANSLATED = [
  { ...chat, model: 'claude' },
  { ...chat, model: 'gpt' },
  { ...chat, model: 'gemini' },
  { ...responses, model: 'claude' },
  { ...responses, model: 'glm' },
  { ...responses, model: 'gemini' },
  { ...messages, model: 'gpt' },
  { ...messages, model: 'glm' },
  { ...messages, model: 'gemini' },
] as const;

/** Those of the chat client, whose answers some tests take to pieces. */
export const TRANSLATED_CHAT = TRANSLATED.slice(0, 3);

/** The same where both sides speak one format; `upstream` is the path on which the sandbox does. */
export const RELAYED = [
  {
    path: '/v1/messages',
    model: 'claude',
    ends: /message_stop/,
    upstream: '/api/llm/a/v1/messages',
    provider: 'anthropic',
  },
  {
    path: '/v1/chat/completions',
    model: 'glm',
    ends: /\[DONE\]/,
    upstream: '/api/llm/o/v1/chat/completions',
    provider: 'fireworks',
  },
  {
    path: '/v1/responses',
    model: 'gpt',
    ends: /response\.completed/,
    upstream: '/api/llm/o/v1/responses',
    provider: 'openai',
  },
] as const;

export interface Pair {
  readonly path: string;
  readonly model: string;
  readonly ends: RegExp;
}

/** Every pair, streaming and not. */
export const inBothForms = <P extends Pair>(pairs: readonly P[]): (P & { readonly stream: boolean })[] =>
  [true, false].flatMap((stream) => pairs.map((pair) => ({ ...pair, stream })));

/** A small question in the dialect of this pair's client. */
export const questionOf = ({ path, model }: Pair, stream: boolean, text = 'Grüß Gott 🎉'): object => {
  if (path === '/v1/responses') return { model, stream, input: text };
  const messages = [{ role: 'user', content: text }];
  return path === '/v1/messages'
    ? { model, stream, max_tokens: 1000, messages }
    : { model, stream, messages };
};

/** A gateway and a sandbox that both live at a standstill: equal requests have equal answers in each new pair. */
export const startStillGateway = (options: GatewayOptions = {}): Promise<TestGateway> =>
  startGateway({ ...options, sandbox: { ...options.sandbox, clock: createFakeClock() } });

/** Asks a gateway the small question. */
export const askPair = (
  { url }: TestGateway,
  pair: Pair & { readonly stream: boolean },
  text?: string,
): Promise<RawAnswer> => postJson(url + pair.path, questionOf(pair, pair.stream, text));
