import { GatewayError } from '../../kernel/gateway-error.ts';
import type { ErrorKind } from '../../kernel/gateway-error.ts';
import type { Stop, StopReason } from '../../kernel/reply.ts';

const REASONS: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'context'],
  ['content_filter', 'content-filter'],
  ['sensitive', 'content-filter'],
]);

/** Words with which vendors end an answer that failed. */
const FAILURES: ReadonlyMap<string, ErrorKind> = new Map([
  ['network_error', 'bad-upstream'],
  ['insufficient_system_resource', 'overloaded'],
  ['error', 'server'],
  ['abort', 'server'],
]);

/** What an answer brought before it ended. */
export interface Delivery {
  readonly text: boolean;
  readonly refusal: boolean;
  readonly calls: number;
  /** Every call's arguments are whole. */
  readonly callsComplete: boolean;
}

/** Why an answer ended, or that its `finish_reason` tells of a failure. */
export function decodeStop(word: string, delivery: Delivery): Stop | GatewayError {
  const failure = FAILURES.get(word.toLowerCase());
  if (failure !== undefined) return new GatewayError(failure, `the upstream ended the answer with "${word}"`);
  const reason = REASONS.get(word.toLowerCase());
  if (reason === undefined) return stopOfUnknown(word, delivery);
  const natural = reason === 'stop' || reason === 'tool-calls';
  return { reason: natural ? naturalReason(delivery) : reason, raw: word };
}

/** An unknown word is not a success by itself: only what arrived whole can be one. */
function stopOfUnknown(word: string, delivery: Delivery): Stop | GatewayError {
  const reason = findNaturalReason(delivery);
  if (reason !== undefined) return { reason, raw: word };
  return new GatewayError('bad-upstream', `the upstream ended the answer with the unknown reason "${word}"`);
}

/** The stop of an answer that ended without a reason; `undefined` when nothing whole had arrived. */
export function findNaturalReason(delivery: Delivery): StopReason | undefined {
  const whole = delivery.calls > 0 ? delivery.callsComplete : delivery.text || delivery.refusal;
  return whole ? naturalReason(delivery) : undefined;
}

/** Vendors write `stop` after calls and `tool_calls` without any, so what arrived decides. */
function naturalReason({ calls, refusal }: Delivery): StopReason {
  if (calls > 0) return 'tool-calls';
  return refusal ? 'refusal' : 'stop';
}

const FINISH: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  context: 'length',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'length',
};

/** How an answer ends for the client. */
interface ChatEnd {
  readonly finish: string;
  /** Refusal text that no block has told. */
  readonly refusal?: string;
}

/** A refusal that came as a block of its own is a whole answer here; one that was only explained cut an answer off. */
export function encodeStop(stop: Stop, refusalSeen: boolean): ChatEnd {
  const refused = stop.reason === 'refusal';
  if (refused && refusalSeen) return { finish: 'stop' };
  const finish = FINISH[stop.reason];
  const explained = (refused || stop.reason === 'content-filter') && !refusalSeen;
  return explained && stop.explanation !== undefined ? { finish, refusal: stop.explanation } : { finish };
}
