import Anthropic from '@anthropic-ai/sdk';
import { createPartFromFunctionResponse, GoogleGenAI, ThinkingLevel } from '@google/genai';
import type { Content, GenerateContentParameters, GenerateContentResponse, Part } from '@google/genai';
import OpenAI from 'openai';
import type { Upstream } from '../conformance/support/stage.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { closeAfterTest } from '../support/loopback.ts';
import { aboutTool, ANSWER_SCHEMA, IMAGE, MAX_TOKENS, SPEAKERS, SYSTEM, TOOL_SCHEMA } from './clients.ts';
import type { Ask, Heard, Lines, Say } from './clients.ts';

/** Somebody who speaks to a service in its own dialect, without the gateway. */
export interface Native {
  readonly speak: (say: Say) => Promise<Heard>;
  /** The body of the last request. */
  readonly sent: () => string;
}

/** A service of its own for one native client. */
export async function startNative(upstream: Upstream, model: string): Promise<Native> {
  const sandbox = await startSandbox();
  closeAfterTest(() => sandbox.close());
  const lines = linesTo(sandbox.url, model);
  return {
    speak: (say) => NATIVE[upstream](lines, say),
    sent: () => sandbox.requests.at(-1)?.body ?? '',
  };
}

const NATIVE: Readonly<Record<Upstream, (lines: Lines, say: Say) => Promise<Heard>>> = {
  anthropic: SPEAKERS.messages,
  openai: SPEAKERS.responses,
  common: SPEAKERS.chat,
  google: speakGoogle,
};

function linesTo(url: string, model: string): Lines {
  const base = { maxRetries: 0, defaultHeaders: { 'x-api-provider': 'native' } };
  return {
    model,
    openai: new OpenAI({ ...base, apiKey: 'token', baseURL: `${url}/api/llm/o/v1` }),
    anthropic: new Anthropic({ ...base, authToken: 'token', apiKey: null, baseURL: `${url}/api/llm/a` }),
    google: new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url } }),
  };
}

/** Gemini, by the client of Google, which has no accumulator: its documentation keeps whole contents as they came. */
async function speakGoogle({ google, model }: Lines, say: Say): Promise<Heard> {
  return heardIn(await google.models.generateContent(bodyOf(model, say)));
}

function bodyOf(model: string, { ask, before }: Say): GenerateContentParameters {
  return {
    model,
    contents: [
      { role: 'user', parts: partsOf(ask) },
      ...before.flatMap(({ heard, results }) => [
        heard.kept as Content,
        { role: 'user', parts: heard.calls.map((call, index) => resultOf(call, results[index] ?? '')) },
      ]),
    ],
    config: {
      systemInstruction: SYSTEM,
      maxOutputTokens: ask.maxTokens ?? MAX_TOKENS,
      ...(ask.tools && {
        tools: [
          {
            functionDeclarations: ask.tools.map((name) => ({
              name,
              description: aboutTool(name),
              parametersJsonSchema: TOOL_SCHEMA,
            })),
          },
        ],
      }),
      ...(ask.reasons && {
        thinkingConfig: { thinkingLevel: ThinkingLevel.LOW, includeThoughts: true },
      }),
      ...(ask.isStructured && {
        responseMimeType: 'application/json',
        responseJsonSchema: ANSWER_SCHEMA,
      }),
    },
  };
}

const partsOf = (ask: Ask): Part[] => [
  { text: ask.text },
  ...(ask.hasImage === true ? [{ inlineData: { mimeType: 'image/png', data: IMAGE } }] : []),
];

const resultOf = ({ id, name }: Heard['calls'][number], output: string): Part =>
  createPartFromFunctionResponse(id, name, { output });

function heardIn({ candidates, usageMetadata: usage }: GenerateContentResponse): Heard {
  const [candidate] = candidates ?? [];
  const parts = candidate?.content?.parts ?? [];
  const textOf = (isThought: boolean): string =>
    parts.map((part) => ((part.thought === true) === isThought ? (part.text ?? '') : '')).join('');
  const reasoning = usage?.thoughtsTokenCount ?? 0;
  return {
    text: textOf(false),
    reasoning: textOf(true),
    refusal: '',
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined
        ? []
        : [{ id: call.id ?? '', name: call.name ?? '', args: JSON.stringify(call.args) }],
    ),
    stop: candidate?.finishReason ?? '',
    usage: {
      input: usage?.promptTokenCount ?? NaN,
      cacheRead: usage?.cachedContentTokenCount ?? NaN,
      cacheWrite: 0,
      output: (usage?.candidatesTokenCount ?? NaN) + reasoning,
      reasoning,
      ...(usage?.totalTokenCount !== undefined && { total: usage.totalTokenCount }),
    },
    kept: candidate?.content,
  };
}
