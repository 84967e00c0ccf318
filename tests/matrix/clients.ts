import type Anthropic from '@anthropic-ai/sdk';
import type { GoogleGenAI } from '@google/genai';
import type OpenAI from 'openai';
import type { Client } from '../conformance/support/stage.ts';
import { speakChat } from './chat-client.ts';
import { speakMessages } from './messages-client.ts';
import { speakResponses } from './responses-client.ts';

/** What somebody wants, in nobody's dialect. */
export interface Ask {
  readonly text: string;
  /** Names of the tools on offer; all take {@link TOOL_SCHEMA}. */
  readonly tools?: readonly string[];
  /** Think a little, and show it. */
  readonly reasons?: boolean;
  /** Look at {@link IMAGE} too. */
  readonly hasImage?: boolean;
  /** Answer with {@link ANSWER_SCHEMA}. */
  readonly isStructured?: boolean;
  readonly maxTokens?: number;
}

/** An answer, read off what the official client made of it. */
export interface Heard {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly args: string }[];
  /** The client's own word for why it ended. */
  readonly stop: string;
  readonly usage: Spent;
  /** What a client keeps of it for its next request. */
  readonly kept: unknown;
}

/** Tokens; input counts everything, cached or not. */
export interface Spent {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  /** What the answer itself says both come to, where its dialect says so. */
  readonly total?: number;
}

/** One request: the question, what was answered before and what the tools said to that. */
export interface Say {
  readonly ask: Ask;
  readonly before: readonly { readonly heard: Heard; readonly results: readonly string[] }[];
  readonly stream: boolean;
  /** Whether the client brings everything back that it was told, or words and calls alone. */
  readonly carries: boolean;
}

/** Official clients that point at the gateway, or straight at a service. */
export interface Lines {
  readonly model: string;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly google: GoogleGenAI;
}

/** Says it in one dialect, by the official client, and reads what that client's own accumulator holds in the end. */
export type Speaker = (lines: Omit<Lines, 'google'>, say: Say) => Promise<Heard>;

export const SPEAKERS: Readonly<Record<Client, Speaker>> = {
  chat: speakChat,
  responses: speakResponses,
  messages: speakMessages,
};

export const SYSTEM = 'Be brief.';
export const MAX_TOKENS = 8000;
/** A picture of one pixel. */
export const IMAGE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
export const TOOL_SCHEMA = {
  type: 'object' as const,
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
};
export const ANSWER_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};

/** What a tool is for. */
export const aboutTool = (name: string): string => `Does what ${name} says.`;

/** The calls of an answer by name, with what they say. */
export const namedCalls = ({ calls }: Heard): readonly unknown[] =>
  calls.map(({ name, args }) => [name, JSON.parse(args) as unknown]);
