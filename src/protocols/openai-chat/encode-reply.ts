import type { AnswerContext } from '../../kernel/codec.ts';
import { assertNever } from '../../kernel/assert-never.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Block, Reply } from '../../kernel/reply.ts';
import { encodeAnnotation } from './annotations.ts';
import { callName, completionId, createdSeconds } from './chunk-text.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** The answer in one body: what a client would have put together from the stream; never throws. */
export function encodeReply(reply: Reply, context: AnswerContext): JsonObject {
  const parts = gather(reply.blocks);
  const { finish, refusal } = encodeStop(reply.stop, parts.refusal !== '');
  const choice = { index: 0, message: encodeMessage(parts, refusal), logprobs: null, finish_reason: finish };
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
  refusal: string;
  readonly reasoning: string[];
  readonly calls: JsonObject[];
  readonly annotations: JsonObject[];
}

function gather(blocks: readonly Block[]): Parts {
  const parts: Parts = { text: '', refusal: '', reasoning: [], calls: [], annotations: [] };
  for (const block of blocks) add(parts, block);
  return parts;
}

function add(parts: Parts, block: Block): void {
  switch (block.kind) {
    case 'text': {
      const range = { start: parts.text.length, length: block.text.length };
      parts.annotations.push(...block.annotations.map((annotation) => encodeAnnotation(annotation, range)));
      parts.text += block.text;
      break;
    }
    case 'refusal':
      parts.refusal += block.text;
      break;
    case 'reasoning':
      parts.reasoning.push(...readable(block));
      break;
    case 'tool-call':
      parts.calls.push(encodeCall(block));
      break;
    case 'hosted': // ran at the upstream; this dialect has no place for it
      break;
    default:
      assertNever(block, 'block');
  }
}

/** The service's summary where there is one, else the model's own words. */
function readable({ raw, summary }: Extract<Block, { kind: 'reasoning' }>): readonly string[] {
  const told = summary.filter((text) => text !== '');
  return told.length > 0 || raw === '' ? told : [raw];
}

function encodeCall(call: Extract<Block, { kind: 'tool-call' }>): JsonObject {
  const { id, callKind, args } = call;
  const name = callName(call);
  return callKind === 'custom'
    ? { id, type: 'custom', custom: { name, input: args } }
    : { id, type: 'function', function: { name, arguments: args === '' ? '{}' : args } };
}

function encodeMessage(parts: Parts, explanation: string | undefined): JsonObject {
  const { text, reasoning, calls, annotations } = parts;
  const refusal = parts.refusal + (explanation ?? '');
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(reasoning.length > 0 && { reasoning_content: reasoning.join('\n\n') }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(annotations.length > 0 && { annotations }),
  };
}
