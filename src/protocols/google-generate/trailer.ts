import type { Annotation } from '../../kernel/conversation.ts';
import type { GatewayError } from '../../kernel/gateway-error.ts';
import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Stop } from '../../kernel/reply.ts';
import { decodeAnnotations } from './annotations.ts';
import { decodeBlocked, decodeStop } from './stop-reason.ts';
import type { Delivered } from './stop-reason.ts';

/** Keeps what chunks tell of the end of an answer; the last chunk that tells of a thing counts for it. */
export interface Trailer {
  readonly read: (chunk: JsonObject, candidate: JsonObject | undefined) => void;
  /** The sources of the answer's text. */
  readonly annotate: (text: string) => readonly Annotation[];
  /** How the answer ended, or failed; `undefined` when no chunk said so. */
  readonly findStop: (delivered: Delivered) => Stop | GatewayError | undefined;
}

export function createTrailer(): Trailer {
  let blocked: JsonObject | undefined;
  let finished: JsonObject | undefined;
  let grounded: JsonObject | undefined;
  let cited: JsonObject | undefined;
  return {
    read: (chunk, candidate) => {
      const feedback = findObject(chunk['promptFeedback']);
      if (named(feedback, 'blockReason') !== undefined) blocked = feedback;
      if (named(candidate, 'finishReason') !== undefined) finished = candidate;
      grounded = findObject(candidate?.['groundingMetadata']) ?? grounded;
      cited = findObject(candidate?.['citationMetadata']) ?? cited;
    },
    annotate: (text) => decodeAnnotations(grounded, cited, text),
    findStop: (delivered) => {
      const reason = named(finished, 'finishReason');
      if (reason !== undefined) {
        const message = named(finished, 'finishMessage');
        const continuation = named(finished, 'continuationToken');
        return decodeStop({ reason, message, continuation }, delivered);
      }
      const block = named(blocked, 'blockReason');
      return block === undefined ? undefined : decodeBlocked(block, named(blocked, 'blockReasonMessage'));
    },
  };
}

/** A member that is a string with something in it. */
const named = (wire: JsonObject | undefined, key: string): string | undefined =>
  findString(wire?.[key]) || undefined;
