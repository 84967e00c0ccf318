import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { postJson, startGateway } from '../../support/gateway.ts';
import type { GatewayOptions, RawAnswer, TestGateway } from '../../support/gateway.ts';
import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';

/** The wire format that the model behind the gateway speaks, by its word in `config.json`. */
export type Upstream = 'anthropic' | 'openai' | 'common' | 'google';
export type Client = 'messages' | 'responses' | 'chat';

export const UPSTREAMS: readonly Upstream[] = ['anthropic', 'openai', 'common', 'google'];

/** Every client with every upstream that does not speak its own dialect. */
export const TRANSLATED_PAIRS: readonly { readonly client: Client; readonly upstream: Upstream }[] = [
  { client: 'messages', upstream: 'openai' },
  { client: 'messages', upstream: 'common' },
  { client: 'messages', upstream: 'google' },
  { client: 'responses', upstream: 'anthropic' },
  { client: 'responses', upstream: 'common' },
  { client: 'responses', upstream: 'google' },
  { client: 'chat', upstream: 'anthropic' },
  { client: 'chat', upstream: 'openai' },
  { client: 'chat', upstream: 'google' },
];

export const PATH: Readonly<Record<Client, string>> = {
  messages: '/v1/messages',
  responses: '/v1/responses',
  chat: '/v1/chat/completions',
};

export interface StageOptions extends Omit<GatewayOptions, 'config'> {
  /** What the model can do, over the built-in table, which knows nothing of its id. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  readonly reasoning?: string;
  /** An id of the built-in table (`claude-opus-4-5`), for its record. */
  readonly model?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The real gateway on a real socket, in front of an upstream that answers what the case prescribes. */
export interface Stage {
  readonly gateway: TestGateway;
  readonly model: string;
  /** The next answers of the upstream, in order; without any it answers by itself, and refuses what its real model would. */
  readonly script: (...answers: readonly ScriptedAnswer[]) => void;
  /** Posts a body to the client's route; model, and for Messages `max_tokens`, are filled in. */
  readonly ask: (
    client: Client,
    body: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<RawAnswer>;
  /** The body of a request that arrived upstream; the last one unless told. */
  readonly sent: (index?: number) => unknown;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

export async function startStage(upstream: Upstream, options: StageOptions = {}): Promise<Stage> {
  const { capabilities, reasoning, model = 'test-model', config, ...rest } = options;
  const entry = {
    name: 'Test',
    id: model,
    type: upstream,
    ...(capabilities && { capabilities }),
    ...(reasoning && { reasoning }),
  };
  const gateway = await startGateway({ ...rest, config: { models: [entry], ...config } });
  const base = { apiKey: 'any', maxRetries: 0 };
  return {
    gateway,
    model,
    script: gateway.sandbox.script,
    ask: (client, body, headers) =>
      postJson(
        gateway.url + PATH[client],
        { model, ...(client === 'messages' && { max_tokens: 1000 }), ...body },
        headers,
      ),
    sent: (index = -1) => JSON.parse(gateway.sandbox.requests.at(index)?.body ?? 'null') as unknown,
    openai: new OpenAI({ ...base, baseURL: `${gateway.url}/v1` }),
    anthropic: new Anthropic({ ...base, baseURL: gateway.url }),
  };
}

/** One event of a stream; `data` is parsed where it is JSON. */
export interface ReadEvent {
  readonly event: string | undefined;
  readonly data: unknown;
}

/** The events of an answer; comments are left out. */
export function readEvents({ text }: Pick<RawAnswer, 'text'>): readonly ReadEvent[] {
  return text
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line !== '' && !line.startsWith(':')))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field('data') ?? '';
      return { event: field('event'), data: data === '[DONE]' ? data : (JSON.parse(data) as unknown) };
    });
}

/** The body of an answer that is JSON. */
export const readBody = ({ text }: Pick<RawAnswer, 'text'>): unknown => JSON.parse(text);

/** What stands at this path of a JSON value; `undefined` where there is nothing. */
export const dig = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );

/** What stands at this path, as a list; empty where there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = dig(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text that events tell in pieces, each at this path of its data. */
export const joinAt = (events: readonly ReadEvent[], ...path: readonly (string | number)[]): string =>
  events
    .map(({ data }) => dig(data, ...path))
    .filter((piece) => typeof piece === 'string')
    .join('');

/** The notes of an answer, one by one. */
export const notesOf = ({ headers }: RawAnswer): readonly string[] =>
  [headers['x-translation-notes'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .filter((note) => note !== '');
