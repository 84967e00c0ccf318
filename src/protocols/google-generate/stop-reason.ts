import type { Edit } from '../../kernel/edit.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { maskSecrets } from '../../kernel/mask-secrets.ts';
import type { Stop, StopReason } from '../../kernel/reply.ts';

type Meaning = StopReason | 'failed';

/** `STOP` says the same whether the answer ends in text or in calls. */
const MEANING: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['CONTINUATION', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['LANGUAGE', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['MALFORMED_FUNCTION_CALL', 'failed'],
  ['UNEXPECTED_TOOL_CALL', 'failed'],
  ['TOO_MANY_TOOL_CALLS', 'failed'],
  ['MALFORMED_RESPONSE', 'failed'],
  ['NO_IMAGE', 'failed'],
  ['IMAGE_OTHER', 'failed'],
  ['OTHER', 'failed'],
  ['FINISH_REASON_UNSPECIFIED', 'failed'],
]);

/** What the answer was made of when it ended: blocks other than reasoning, and the calls among them. */
export interface Delivered {
  readonly blocks: number;
  readonly calls: number;
}

/** How the service says that an answer ended. */
export interface Finish {
  readonly reason: string;
  readonly message: string | undefined;
  /** With this the service goes on where it broke off. */
  readonly continuation: string | undefined;
}

/** The end that a finish stands for, or the failure; a word we do not know ends an answer that has content. */
export function decodeStop(
  { reason: raw, message, continuation }: Finish,
  { blocks, calls }: Delivered,
): Stop | GatewayError {
  const meaning = MEANING.get(raw) ?? (blocks > 0 ? 'stop' : 'failed');
  if (meaning === 'failed') return failure(raw, message, blocks === 0);
  if (meaning === 'stop') return { reason: calls > 0 ? 'tool-calls' : 'stop', raw };
  if (meaning === 'content-filter') return withExplanation({ reason: meaning, raw }, message);
  const resume: readonly Edit[] = [{ kind: 'set', key: 'continuationToken', value: continuation ?? '' }];
  const resumable = raw === 'CONTINUATION' && continuation !== undefined;
  return { reason: meaning, raw, ...(resumable && { resume }) };
}

/** A call that the model garbled in front of everything else is worth asking for again. */
function failure(raw: string, message: string | undefined, isFirst: boolean): GatewayError {
  const text = message ?? `the upstream ended the answer with ${raw}`;
  const mayRepeat = isFirst && raw === 'MALFORMED_FUNCTION_CALL';
  return new GatewayError('bad-upstream', maskSecrets(text), { code: raw, ...(mayRepeat && { mayRepeat }) });
}

/** The end of an answer whose prompt was refused. */
export const decodeBlocked = (raw: string, message: string | undefined): Stop =>
  withExplanation({ reason: 'content-filter', raw }, message);

const withExplanation = (stop: Stop, explanation: string | undefined): Stop =>
  explanation === undefined ? stop : { ...stop, explanation };
