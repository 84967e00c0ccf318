import { assertNever } from '../../kernel/assert-never.ts';
import type { AnswerContext } from '../../kernel/codec.ts';
import { findObject, rawJson } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Block, Reply } from '../../kernel/reply.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import { callStateBlock, encodeState, redactedThinking } from './reasoning-state.ts';
import { encodeStop } from './stop-reason.ts';
import { inputText } from './tool-input.ts';
import { encodeUsage, usageToTell } from './usage.ts';

/** The whole message that answers a client. */
export const encodeReply = (reply: Reply, context: AnswerContext): JsonObject => ({
  ...messageHead(reply.id, context),
  content: reply.blocks.flatMap((block) => encodeBlock(block, context)),
  ...encodeStop(reply.stop),
  usage: encodeUsage(usageToTell(reply.usage, context)),
});

/** The members that a message and the start of a stream share; an id of Anthropic's own is kept. */
export const messageHead = (id: string, { model, ids }: AnswerContext): JsonObject => ({
  id: id.startsWith('msg_') ? id : ids.message(),
  type: 'message',
  role: 'assistant',
  model,
});

/** The wire blocks of one block; none for what says nothing or what a client of this dialect cannot read. */
function encodeBlock(block: Block, context: AnswerContext): JsonObject[] {
  switch (block.kind) {
    case 'text':
    case 'refusal': // Annotations stay behind: a citation needs an index that only Anthropic's search can give.
      return block.text === '' ? [] : [{ type: 'text', text: block.text }];
    case 'reasoning':
      return encodeReasoning(block, context);
    case 'tool-call':
      return encodeCall(block);
    case 'hosted':
      return hostedBlocks(block);
    default:
      return assertNever(block, 'block');
  }
}

function encodeReasoning(
  { summary, raw, opaque }: Extract<Block, { kind: 'reasoning' }>,
  context: AnswerContext,
): JsonObject[] {
  const thinking = summary.filter((part) => part !== '').join('\n\n') || raw;
  const state = encodeState(opaque, thinking, context);
  if (state === undefined) return [];
  return ['data' in state ? redactedThinking(state.data) : { type: 'thinking', thinking, ...state }];
}

function encodeCall(block: Extract<Block, { kind: 'tool-call' }>): JsonObject[] {
  const { args, opaque } = block;
  const call = toolUse(block, rawJson(inputText(args)));
  return opaque === undefined ? [call] : [callStateBlock(opaque), call];
}

/** The block of a call; this dialect has no namespaces, so one is part of the name. */
export const toolUse = (
  { id, name, namespace }: Extract<BlockHead, { kind: 'tool-call' }>,
  input: Json,
): JsonObject => ({
  type: 'tool_use',
  id,
  name: namespace === undefined ? name : `${namespace}__${name}`,
  input,
});

/** A block of Anthropic's own server-side tools; none for those of other services. */
export function hostedBlocks({ protocol, raw }: Extract<Block, { kind: 'hosted' }>): JsonObject[] {
  const block = protocol === 'anthropic-messages' ? findObject(raw) : undefined;
  return block === undefined ? [] : [block];
}
