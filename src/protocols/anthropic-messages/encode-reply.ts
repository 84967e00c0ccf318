import { assertNever } from '../../kernel/assert-never.ts';
import type { AnswerContext } from '../../kernel/codec.ts';
import { findObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { NO_USAGE } from '../../kernel/reply.ts';
import type { Block, Reply } from '../../kernel/reply.ts';
import { redactedOf, signatureOf } from './reasoning-state.ts';
import { encodeStop } from './stop-reason.ts';
import { findInput, rawInput } from './tool-input.ts';
import { wireToolName } from './tool-name.ts';
import { encodeUsage } from './usage.ts';

/** The whole message that answers a client. */
export const encodeReply = (reply: Reply, context: AnswerContext): JsonObject => ({
  ...messageHead(reply.id, context),
  content: reply.blocks.map(encodeBlock).filter((block) => block !== undefined),
  ...encodeStop(reply.stop),
  usage: encodeUsage(reply.usage ?? NO_USAGE),
});

/** The members that a message and the start of a stream share; an id of Anthropic's own is kept. */
export const messageHead = (id: string, { model, ids }: AnswerContext): JsonObject => ({
  id: id.startsWith('msg_') ? id : ids.message(),
  type: 'message',
  role: 'assistant',
  model,
});

/** One block of an answer; `undefined` for what a client of this dialect cannot read. */
function encodeBlock(block: Block): JsonObject | undefined {
  switch (block.kind) {
    case 'text':
    case 'refusal': // Annotations stay behind: a citation needs an index that only Anthropic's search can give.
      return block.text === '' ? undefined : { type: 'text', text: block.text };
    case 'reasoning':
      return encodeReasoning(block);
    case 'tool-call':
      return {
        type: 'tool_use',
        id: block.id,
        name: wireToolName(block),
        input: findInput(block) ?? rawInput(block.args),
      };
    case 'hosted':
      return hostedBlock(block);
    default:
      return assertNever(block, 'block');
  }
}

/** A block of Anthropic's own server-side tools; `undefined` for those of other services. */
export const hostedBlock = ({ protocol, raw }: Extract<Block, { kind: 'hosted' }>): JsonObject | undefined =>
  protocol === 'anthropic-messages' ? findObject(raw) : undefined;

function encodeReasoning(block: Extract<Block, { kind: 'reasoning' }>): JsonObject | undefined {
  const summary = block.summary.filter((part) => part !== '').join('\n\n');
  const thinking = summary === '' ? block.raw : summary;
  const signature = signatureOf(block.opaque);
  if (thinking !== '' || signature !== undefined) {
    return { type: 'thinking', thinking, signature: signature ?? '' };
  }
  const data = redactedOf(block.opaque);
  return data === undefined ? undefined : { type: 'redacted_thinking', data };
}
