import type { AnswerContext } from '../../kernel/codec.ts';
import { assertNever } from '../../kernel/assert-never.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Block, Reply, TokenLogprob } from '../../kernel/reply.ts';
import { encodeAnnotation } from './annotations.ts';
import { callName, completionId, createdSeconds } from './chunk-text.ts';
import { encodeLogprobs, wantsLogprobs } from './logprobs.ts';
import { encodeDetails } from './reasoning-details.ts';
import type { ToldReasoning } from './reasoning-details.ts';
import { PASSAGE_GAP } from './reasoning-text.ts';
import { gapBefore } from './text-phase.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeCallState } from './thought-signature.ts';
import { encodeUsage } from './usage.ts';

/** The answer in one body: what a client would have put together from the stream; never throws. */
export function encodeReply(reply: Reply, context: AnswerContext): JsonObject {
  const parts = gather(reply.blocks, context.native);
  const { finish, refusal } = encodeStop(reply.stop, parts.refusal !== '');
  const weighed = parts.logprobs.length > 0 && wantsLogprobs(context);
  const choice = {
    index: 0,
    message: encodeMessage(parts, refusal, context.native),
    logprobs: weighed ? encodeLogprobs(parts.logprobs) : null,
    finish_reason: finish,
  };
  return {
    id: completionId(reply.id, context),
    object: 'chat.completion',
    created: createdSeconds(reply.createdAt, context),
    model: context.model,
    choices: [choice],
    ...(reply.usage !== undefined && { usage: encodeUsage(reply.usage) }),
  };
}

interface Parts {
  text: string;
  /** That of the text so far, of its last block. */
  phase: string | undefined;
  refusal: string;
  readonly reasoning: ToldReasoning[];
  readonly calls: JsonObject[];
  readonly annotations: JsonObject[];
  readonly logprobs: TokenLogprob[];
}

function gather(blocks: readonly Block[], native: boolean): Parts {
  const parts: Parts = {
    text: '',
    phase: undefined,
    refusal: '',
    reasoning: [],
    calls: [],
    annotations: [],
    logprobs: [],
  };
  for (const block of blocks) add(parts, block, native);
  return parts;
}

function add(parts: Parts, block: Block, native: boolean): void {
  switch (block.kind) {
    case 'text': {
      if (block.text !== '') {
        parts.text += gapBefore(parts.text !== '', parts.phase, block.phase);
        parts.phase = block.phase;
      }
      const range = { start: parts.text.length, length: block.text.length };
      parts.annotations.push(...block.annotations.map((annotation) => encodeAnnotation(annotation, range)));
      for (const token of block.logprobs ?? []) parts.logprobs.push(token);
      parts.text += block.text;
      break;
    }
    case 'refusal':
      parts.refusal += block.text;
      break;
    case 'reasoning':
      parts.reasoning.push({ text: readable(block), opaque: block.opaque });
      break;
    case 'tool-call':
      parts.calls.push(encodeCall(block, native));
      break;
    case 'hosted': // ran at the upstream; this dialect has no place for it
      break;
    default:
      assertNever(block, 'block');
  }
}

/** The service's summary where there is one, else the model's own words. */
function readable({ raw, summary }: Extract<Block, { kind: 'reasoning' }>): string {
  const told = summary.filter((text) => text !== '');
  return told.length > 0 ? told.join(PASSAGE_GAP) : raw;
}

function encodeCall(call: Extract<Block, { kind: 'tool-call' }>, native: boolean): JsonObject {
  const { id, callKind, args, opaque } = call;
  const name = callName(call);
  const state = opaque && { extra_content: encodeCallState(opaque, native) };
  return callKind === 'custom'
    ? { id, type: 'custom', custom: { name, input: args }, ...state }
    : { id, type: 'function', function: { name, arguments: args === '' ? '{}' : args }, ...state };
}

function encodeMessage(parts: Parts, explanation: string | undefined, native: boolean): JsonObject {
  const { text, calls, annotations } = parts;
  const refusal = parts.refusal + (explanation ?? '');
  const passages = parts.reasoning.map((told) => told.text).filter((passage) => passage !== '');
  const details = encodeDetails(parts.reasoning, native);
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(passages.length > 0 && { reasoning_content: passages.join(PASSAGE_GAP) }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(annotations.length > 0 && { annotations }),
  };
}
