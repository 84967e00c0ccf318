import type { AnswerContext } from '../../kernel/codec.ts';
import type { GatewayError } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Stop, Usage } from '../../kernel/reply.ts';
import type { Say } from './encode-item.ts';
import { createOutput } from './encode-output.ts';
import type { Output } from './encode-output.ts';
import { failedResponseError } from './errors.ts';
import { createSnapshot } from './response-snapshot.ts';
import type { Progress, Snapshot } from './response-snapshot.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** One response from its creation to its one terminal event. */
export interface ResponseTeller {
  /**
   * Tells that the response exists; the first call counts.
   *
   * @param createdAt - Unix seconds, when the upstream said so.
   */
  readonly begin: (createdAt?: number) => void;
  readonly output: Output;
  readonly finish: (stop: Stop, usage: Usage) => void;
  readonly fail: (error: GatewayError, usage: Usage | undefined) => void;
  readonly ended: () => boolean;
  /** The response object as it stands. */
  readonly response: () => JsonObject;
}

/** A response that has only begun. */
export const IN_PROGRESS: Progress = {
  status: 'in_progress',
  output: [],
  error: null,
  incomplete_details: null,
  usage: null,
  completed_at: null,
};

/** A response that was not told yet. */
export function createResponseTeller(say: Say, context: AnswerContext): ResponseTeller {
  const seconds = Math.floor(context.now / 1000);
  const output = createOutput(say, context);
  let createdAt = seconds;
  let progress = IN_PROGRESS;
  let snapshot: Snapshot | undefined;

  const begin = (told = seconds): Snapshot => {
    if (snapshot !== undefined) return snapshot;
    createdAt = told;
    snapshot = createSnapshot({ id: context.ids.response(), createdAt }, context);
    const response = `"response":${snapshot.textAt(IN_PROGRESS)}`;
    say('response.created', response);
    say('response.in_progress', response);
    return snapshot;
  };
  const end = (changes: Partial<Progress> & Pick<Progress, 'status'>): void => {
    progress = { ...IN_PROGRESS, output: output.items(), ...changes };
    say(`response.${progress.status}`, `"response":${begin().textAt(progress)}`);
  };

  return {
    begin,
    output,
    finish: (stop, usage) => {
      begin();
      const worded = output.refused();
      const { explanation = '' } = stop;
      if (stop.reason === 'refusal' && !worded && explanation !== '') output.refuse(explanation);
      const reason = encodeStop(stop, worded);
      const status = reason === undefined ? 'completed' : 'incomplete';
      output.close(status);
      end({
        status,
        incomplete_details: reason === undefined ? null : { reason },
        usage: encodeUsage(usage),
        // The upstream's clock may be ahead of ours.
        completed_at: reason === undefined ? Math.max(createdAt, seconds) : null,
      });
    },
    fail: (error, usage) => {
      begin(); // readers take no other first event
      const used = usage === undefined ? null : encodeUsage(usage);
      end({ status: 'failed', error: failedResponseError(error), usage: used });
    },
    ended: () => progress.status !== 'in_progress',
    response: () => begin().at(progress),
  };
}
