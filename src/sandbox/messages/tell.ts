import { findObject, findJson, findString, rawJson, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeEvent } from '../../sse/encode.ts';
import type { Answer } from '../answer.ts';
import type { Story, Told } from '../dialect.ts';
import { seal } from '../seal.ts';
import { crumbsOf, wordsOf } from '../tokens.ts';

const STOP_REASONS: Readonly<Record<Answer['stop'], string>> = {
  end: 'end_turn',
  'tool-call': 'tool_use',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
};

/** A block as it begins in a stream, what is added to it, and as it ends up. */
interface Block {
  readonly start: JsonObject;
  readonly deltas: readonly JsonObject[];
  readonly whole: JsonObject;
}

/** The answer as `message_start` to `message_stop`, and as one message. */
export function tellMessage(story: Story): Told {
  const { answer, question, nextId } = story;
  const message = { id: nextId('msg_'), type: 'message', role: 'assistant', model: question.model };
  const ending = {
    stop_reason: STOP_REASONS[answer.stop],
    stop_sequence: answer.stopSequence ?? null,
    stop_details: null,
    container: null,
  };
  const blocks = blocksOf(story);
  const usage = usageOf(answer);
  const pending = {
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
  };
  const start = {
    ...message,
    ...pending,
    usage: { ...usage, output_tokens: 1, output_tokens_details: null },
  };
  return {
    opening: [
      told({ type: 'message_start', message: start }),
      told({ type: 'ping' }),
      ...blocks.flatMap(tellBlock),
    ],
    closing: [told({ type: 'message_delta', delta: ending, usage }), told({ type: 'message_stop' })],
    whole: { ...message, content: blocks.map((block) => block.whole), ...ending, usage },
  };
}

const told = (event: JsonObject): string => encodeEvent(findString(event['type']) ?? '', writeJson(event));

function tellBlock(block: Block, index: number): readonly string[] {
  return [
    told({ type: 'content_block_start', index, content_block: block.start }),
    ...block.deltas.map((delta) => told({ type: 'content_block_delta', index, delta })),
    told({ type: 'content_block_stop', index }),
  ];
}

function blocksOf({ answer, question, nextId }: Story): readonly Block[] {
  const blocks: Block[] = [];
  if (answer.thoughts.length > 0)
    blocks.push(thinkingBlock(answer.thoughts.join(' '), question.reasoning === 'shown'));
  if (answer.text !== '') {
    const deltas = wordsOf(answer.text).map((text) => ({ type: 'text_delta', text }));
    const start = { type: 'text', text: '', citations: null };
    blocks.push({ start, deltas, whole: { ...start, text: answer.text } });
  }
  for (const call of answer.calls) {
    const start = { type: 'tool_use', id: nextId('toolu_'), name: call.name, input: {} };
    const crumbs = ['', ...crumbsOf(call.arguments)];
    const deltas = crumbs.map((text) => ({ type: 'input_json_delta', partial_json: text }));
    blocks.push({ start, deltas, whole: { ...start, input: inputOf(call.arguments) } });
  }
  return blocks;
}

/** Arguments that the token limit cut short are no object; the whole message then carries none. */
const inputOf = (text: string): JsonObject | ReturnType<typeof rawJson> =>
  findObject(findJson(text)) === undefined ? {} : rawJson(text);

function thinkingBlock(thoughts: string, isShown: boolean): Block {
  const signature = seal('anthropic', thoughts);
  const thinking = isShown ? thoughts : '';
  const deltas = wordsOf(thinking).map((text) => ({ type: 'thinking_delta', thinking: text }));
  return {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [...deltas, { type: 'signature_delta', signature }],
    whole: { type: 'thinking', thinking, signature },
  };
}

function usageOf({ usage }: Answer): JsonObject {
  return {
    input_tokens: usage.prompt - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: null,
    service_tier: 'standard',
  };
}
