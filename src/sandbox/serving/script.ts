import type { ServerResponse } from 'node:http';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { FailureName } from '../failures.ts';
import { findEmail } from '../login/access-token.ts';
import type { AnswerPlan } from './plan.ts';
import type { RecordedRequest } from './request-log.ts';

interface ScriptedHead {
  /** 200 unless told. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

interface ScriptedBody extends ScriptedHead {
  readonly body: string | Uint8Array | JsonObject;
}

interface ScriptedChunks extends ScriptedHead {
  /** Each in a packet of its own. */
  readonly chunks: readonly (string | Uint8Array)[];
  /** `finish` unless told. */
  readonly ending?: AnswerPlan['ending'];
}

interface ScriptedHandler {
  /** Answers by hand. */
  readonly handler: (request: RecordedRequest, response: ServerResponse) => void | Promise<void>;
}

/** `good` is the sandbox's own answer, in its turn. */
type Prepared = { readonly failure: FailureName } | { readonly good: true } | ScriptedBody | ScriptedChunks;

/** What an answer waits for. */
interface Waiting {
  /** A request whose path begins so. */
  readonly path?: string;
  /** A request that this account pays for: its e-mail address, or the very token. */
  readonly account?: string;
}

/** An answer that the sandbox gives by itself. */
export type PlannedAnswer = Waiting & Prepared;

/** One answer that stands in for the sandbox's own. */
export type ScriptedAnswer = Waiting & (Prepared | ScriptedHandler);

/** Answers in the order in which they are to be given. */
export interface Script {
  readonly add: (answers: readonly ScriptedAnswer[]) => void;
  /** Takes the first answer that may serve this request. */
  readonly take: (request: Pick<RecordedRequest, 'path' | 'headers'>) => ScriptedAnswer | undefined;
}

export function createScript(): Script {
  const queue: ScriptedAnswer[] = [];
  return {
    add: (answers) => {
      queue.push(...answers);
    },
    take: ({ path, headers }) => {
      const token = headers.authorization?.replace(/^bearer\s+/i, '') ?? '';
      const payers = [undefined, token, findEmail(token)];
      const index = queue.findIndex(
        (answer) => path.startsWith(answer.path ?? '') && payers.includes(answer.account),
      );
      return index === -1 ? undefined : queue.splice(index, 1)[0];
    },
  };
}

/** The plan of an answer that is scripted byte by byte. */
export function scriptedPlan(answer: ScriptedBody | ScriptedChunks): AnswerPlan {
  const head = { kind: 'answer', status: answer.status ?? 200, headers: answer.headers ?? {} } as const;
  if ('chunks' in answer)
    return { ...head, pieces: answer.chunks, ending: answer.ending ?? 'finish', apart: true };
  const { body } = answer;
  if (typeof body === 'string' || body instanceof Uint8Array)
    return { ...head, pieces: [body], ending: 'finish' };
  const headers = { 'content-type': 'application/json', ...head.headers };
  return { ...head, headers, pieces: [writeJson(body)], ending: 'finish' };
}
