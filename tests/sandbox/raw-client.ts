import http from 'node:http';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { closeAfterTest } from '../support/loopback.ts';

/** A sandbox that is closed after the test. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  closeAfterTest(sandbox.close);
  return sandbox;
}

export const PATHS = {
  messages: '/api/llm/a/v1/messages',
  responses: '/api/llm/o/v1/responses',
  chat: '/api/llm/o/v1/chat/completions',
  generate: '/api/llm/g/v1/generate',
} as const;
export type Wire = keyof typeof PATHS;

/** The smallest good request of each dialect. */
export function smallBody(wire: Wire, text: string, stream: boolean): Record<string, unknown> {
  const user = { role: 'user', content: text };
  switch (wire) {
    case 'messages':
      return { model: 'claude-sonnet-4-5', max_tokens: 1000, messages: [user], stream };
    case 'responses':
      return { model: 'gpt-5.4', input: text, stream };
    case 'chat':
      return { model: 'glm-5', messages: [user], stream };
    case 'generate':
      return { model: 'gemini-2.5-pro', contents: [{ role: 'user', parts: [{ text }] }] };
  }
}

export const PLAIN_HEADERS = {
  authorization: 'Bearer key',
  'x-api-provider': 'any',
  'content-type': 'application/json',
};
export const FACTORY_HEADERS = { ...PLAIN_HEADERS, 'anthropic-version': '2023-06-01' };

export interface RawRequest {
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: http.OutgoingHttpHeaders;
}

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The sizes of what the socket brought. */
  readonly chunks: readonly number[];
  readonly end: 'complete' | 'cut' | 'reset';
}

/** A request that may be given up. */
export interface RawExchange {
  readonly answer: Promise<RawAnswer>;
  /** Resolves with the text so far as soon as it holds `part`. */
  readonly seen: (part: string) => Promise<string>;
  readonly leave: () => void;
}

export function begin(sandbox: Sandbox, { path, method = 'POST', body, headers }: RawRequest): RawExchange {
  const chunks: Buffer[] = [];
  const watchers = new Set<() => void>();
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  const request = http.request(`${sandbox.url}${path}`, {
    method,
    headers: headers ?? FACTORY_HEADERS,
    agent: false,
  });
  const answer = new Promise<RawAnswer>((resolve) => {
    const done = (end: RawAnswer['end'], response?: http.IncomingMessage): void => {
      const bytes = Buffer.concat(chunks);
      const sizes = chunks.map((chunk) => chunk.length);
      resolve({
        status: response?.statusCode,
        headers: response?.headers ?? {},
        bytes,
        text: text(),
        chunks: sizes,
        end,
      });
    };
    request.on('error', () => done('reset'));
    request.on('response', (response) => {
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        for (const watch of watchers) watch();
      });
      response.on('error', () => undefined);
      response.on('close', () => done(response.complete ? 'complete' : 'cut', response));
    });
  });
  request.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  return {
    answer,
    seen: (part) =>
      new Promise((resolve) => {
        const watch = (): void => {
          if (text().includes(part)) resolve(text());
        };
        watchers.add(watch);
        watch();
      }),
    leave: () => request.destroy(),
  };
}

export const ask = (sandbox: Sandbox, request: RawRequest): Promise<RawAnswer> =>
  begin(sandbox, request).answer;

/** Asks in this dialect, with the smallest good request around `text`. */
export const askWire = (sandbox: Sandbox, wire: Wire, text: string, stream: boolean): Promise<RawAnswer> =>
  ask(sandbox, { path: PATHS[wire], body: smallBody(wire, text, stream) });

/** The JSON of an answer. */
export const jsonOf = (answer: RawAnswer): unknown => JSON.parse(answer.text);
