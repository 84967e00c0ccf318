import type { Annotation, OpaqueState, ProtocolId } from './conversation.ts';
import type { Edit } from './edit.ts';
import type { Json, JsonObject } from './json.ts';

/** A whole answer, in nobody's dialect. */
export interface Reply {
  readonly id: string;
  readonly model: string;
  /** Unix seconds, when the upstream said so. */
  readonly createdAt?: number;
  readonly blocks: readonly Block[];
  readonly stop: Stop;
  readonly usage?: Usage;
  /** The upstream's own answer object, for a client of the same dialect. */
  readonly native?: JsonObject;
}

export type Block =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly annotations: readonly Annotation[];
      readonly phase?: string;
      readonly logprobs?: readonly TokenLogprob[];
    }
  | { readonly kind: 'refusal'; readonly text: string }
  | {
      readonly kind: 'reasoning';
      readonly raw: string;
      readonly summary: readonly string[];
      readonly opaque?: OpaqueState;
    }
  | {
      readonly kind: 'tool-call';
      readonly id: string;
      readonly callKind: 'function' | 'custom';
      readonly name: string;
      readonly namespace?: string;
      readonly args: string;
      readonly opaque?: OpaqueState;
    }
  | { readonly kind: 'hosted'; readonly protocol: ProtocolId; readonly raw: Json };

export type StopReason =
  'stop' | 'stop-sequence' | 'tool-calls' | 'length' | 'context' | 'content-filter' | 'refusal' | 'pause';

/** Why the answer ended; `raw` is the upstream's own word. */
export interface Stop {
  readonly reason: StopReason;
  readonly raw?: string;
  /** The stop sequence that matched. */
  readonly sequence?: string;
  /** Why the model refused, in words for the user. */
  readonly explanation?: string;
  /** Edits to the request under which the upstream goes on with an answer that it broke off. */
  readonly resume?: readonly Edit[];
}

/** How likely one token was, as a natural logarithm, and its rivals; `bytes` are those of its UTF-8 form. */
export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
  readonly top: readonly Omit<TokenLogprob, 'top'>[];
}

/** Tokens. Input counts everything, cached or not; output includes reasoning. */
export interface Usage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export const NO_USAGE: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
