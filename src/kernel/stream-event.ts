import type { Annotation, OpaqueState, ProtocolId } from './conversation.ts';
import type { GatewayError } from './gateway-error.ts';
import type { Json, JsonObject } from './json.ts';
import type { Stop, TokenLogprob, Usage } from './reply.ts';

/**
 * What an upstream says while it answers. The grammar:
 *
 *     reply-start  ( block-start  delta*  block-end | usage )*  ( reply-end | error )
 *
 * One start, first; exactly one end, last; after an `error` nothing. Blocks are named by `index`, numbered from 0 in
 * the order of their starts, and may overlap; each delta lies inside its block; all blocks are closed before
 * `reply-end`. An `error` may stand alone, before any `reply-start`, and leaves open blocks open.
 */
export type StreamEvent =
  | ReplyStart
  | BlockStart
  | BlockDelta
  | ReasoningDelta
  | OpaqueEvent
  | AnnotationEvent
  | LogprobsEvent
  | BlockEnd
  | UsageEvent
  | ReplyEnd
  | ErrorEvent;

export interface ReplyStart {
  readonly type: 'reply-start';
  /** The upstream's id; empty when it gave none. */
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly createdAt?: number;
  readonly usage?: Usage;
}

export type BlockHead =
  | { readonly kind: 'text'; readonly phase?: string }
  | { readonly kind: 'refusal' }
  | { readonly kind: 'reasoning' }
  | {
      readonly kind: 'tool-call';
      readonly id: string;
      readonly callKind: 'function' | 'custom';
      readonly name: string;
      readonly namespace?: string;
      readonly opaque?: OpaqueState;
    }
  | { readonly kind: 'hosted'; readonly protocol: ProtocolId; readonly raw: Json };

interface BlockStart {
  readonly type: 'block-start';
  readonly index: number;
  readonly block: BlockHead;
}
/** More text of a text or refusal block, or a piece of a tool call's arguments. */
interface BlockDelta {
  readonly type: 'block-delta';
  readonly index: number;
  readonly text: string;
}
/** More reasoning: the model's own words, or part `part` (from 0) of the service's summary. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly index: number;
  readonly form: 'raw' | 'summary';
  readonly part: number;
  readonly text: string;
}
/** The opaque state of a reasoning block, whole; a later one replaces it. That of a call stands in its head. */
interface OpaqueEvent {
  readonly type: 'opaque';
  readonly index: number;
  readonly opaque: OpaqueState;
}
interface AnnotationEvent {
  readonly type: 'annotation';
  readonly index: number;
  readonly annotation: Annotation;
}
/** The probabilities of tokens of a text block, in their order. */
interface LogprobsEvent {
  readonly type: 'logprobs';
  readonly index: number;
  readonly tokens: readonly TokenLogprob[];
}
interface BlockEnd {
  readonly type: 'block-end';
  readonly index: number;
}
/** Everything used so far; replaces what was known, never adds to it. */
interface UsageEvent {
  readonly type: 'usage';
  readonly usage: Usage;
}
export interface ReplyEnd {
  readonly type: 'reply-end';
  readonly stop: Stop;
  /** The upstream's own answer object, for a client of the same dialect. */
  readonly native?: JsonObject;
}
export interface ErrorEvent {
  readonly type: 'error';
  readonly error: GatewayError;
}

/** Takes events one by one, in order, at once. */
export type Emit = (event: StreamEvent) => void;
