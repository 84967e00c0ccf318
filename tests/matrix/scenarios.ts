import { UPSTREAMS } from '../conformance/support/stage.ts';
import type { Client, Upstream } from '../conformance/support/stage.ts';
import type { Ask } from './clients.ts';

export interface Pair {
  readonly client: Client;
  readonly upstream: Upstream;
  readonly stream: boolean;
}

const CLIENTS: readonly Client[] = ['chat', 'responses', 'messages'];

/** Every client with every upstream, streaming and not. */
export const PAIRS: readonly Pair[] = CLIENTS.flatMap((client) =>
  UPSTREAMS.flatMap((upstream) => [true, false].map((stream) => ({ client, upstream, stream }))),
);

/** A model of each wire format that reasons, and wants its reasoning back; its record is in the built-in table. */
export const MODEL: Readonly<Record<Upstream, string>> = {
  anthropic: 'claude-opus-4-5-20251101',
  openai: 'gpt-5.2',
  common: 'deepseek-v4.1-flash',
  google: 'gemini-3-pro-preview',
};

const TEXT = 'Grüß Gott, wie wird das Wetter? 🎉';

/** What is asked once, and answered. */
export const QUESTIONS = {
  text: { text: TEXT },
  'reasoning and text': { text: TEXT, reasons: true },
  'one tool': { text: TEXT, tools: ['get_weather'] },
  'two tools at once': { text: TEXT, tools: ['get_weather', 'get_time'] },
  'an image': { text: TEXT, hasImage: true },
  'structured output': { text: TEXT, isStructured: true },
  'an answer that is cut': { text: TEXT.repeat(3), maxTokens: 17 },
} as const satisfies Readonly<Record<string, Ask>>;

/** What takes two turns: the tools are called, and what they said goes back. */
export const DIALOGUES = {
  'one tool': { ask: QUESTIONS['one tool'], results: ['sunny in Zürich 🎉'] },
  'two tools at once': { ask: QUESTIONS['two tools at once'], results: ['sunny in Zürich 🎉', 'noon'] },
  'reasoning and one tool': {
    ask: { ...QUESTIONS['one tool'], reasons: true },
    results: ['sunny in Zürich 🎉'],
  },
  'reasoning and two tools at once': {
    ask: { ...QUESTIONS['two tools at once'], reasons: true },
    results: ['sunny in Zürich 🎉', 'noon'],
  },
} as const satisfies Readonly<Record<string, { readonly ask: Ask; readonly results: readonly string[] }>>;

export const KINDS_OF_QUESTION = Object.keys(QUESTIONS) as readonly (keyof typeof QUESTIONS)[];
export const KINDS_OF_DIALOGUE = Object.keys(DIALOGUES) as readonly (keyof typeof DIALOGUES)[];
