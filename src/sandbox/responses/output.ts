import type { JsonObject } from '../../kernel/json.ts';
import type { ToolCall } from '../answer.ts';
import type { Story } from '../dialect.ts';
import { listOf } from '../../kernel/json.ts';
import { seal } from '../seal.ts';
import { crumbsOf, wordsOf } from '../tokens.ts';

/** An event without its number; the stream gives it one. */
export type Event = JsonObject & { readonly type: string };

/** One output item, and the events that bring it. */
export interface Output {
  /** As it begins. */
  readonly start: JsonObject;
  readonly whole: JsonObject;
  /** What is added piece by piece; `index` is the item's place in the output. */
  readonly deltas: (index: number) => readonly Event[];
  readonly ends: (index: number) => readonly Event[];
}

/** Every item of this answer; the last one is `incomplete` when the token limit cut it. */
export function outputsOf(story: Story): readonly Output[] {
  const { answer } = story;
  const makers: ((status: string) => Output)[] = [];
  if (answer.thoughts.length > 0) makers.push(() => reasoningOutput(story));
  if (answer.text !== '') makers.push((status) => messageOutput(story, status));
  for (const call of answer.calls) makers.push((status) => callOutput(story, call, status));
  return makers.map((make, index) => {
    const isCut = answer.stop === 'length' && index === makers.length - 1;
    return make(isCut ? 'incomplete' : 'completed');
  });
}

function reasoningOutput({ answer, question, call, nextId }: Story): Output {
  const id = nextId('rs_');
  const isWanted =
    call.body['store'] === false || listOf(call.body['include']).includes('reasoning.encrypted_content');
  const sealed = isWanted ? { encrypted_content: seal('openai', answer.thoughts.join('\n')) } : {};
  const thoughts = question.reasoning === 'shown' ? answer.thoughts : [];
  const summary = thoughts.map((text) => ({ type: 'summary_text', text }));
  return {
    start: { id, type: 'reasoning', summary: [] },
    whole: { id, type: 'reasoning', summary, ...sealed },
    deltas: (index) =>
      thoughts.flatMap((text, part) =>
        summaryEvents(text, { item_id: id, output_index: index, summary_index: part }),
      ),
    ends: () => [],
  };
}

function summaryEvents(text: string, place: JsonObject): readonly Event[] {
  const event = (name: string, rest: JsonObject): Event => ({
    type: `response.reasoning_summary_${name}`,
    ...place,
    ...rest,
  });
  return [
    event('part.added', { part: { type: 'summary_text', text: '' } }),
    ...wordsOf(text).map((delta) => event('text.delta', { delta })),
    event('text.done', { text }),
    event('part.done', { part: { type: 'summary_text', text } }),
  ];
}

function messageOutput({ answer, nextId }: Story, status: string): Output {
  const id = nextId('msg_');
  const empty = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const part = { ...empty, text: answer.text };
  const item = { id, type: 'message', role: 'assistant' };
  const place = (index: number): JsonObject => ({ item_id: id, output_index: index, content_index: 0 });
  return {
    start: { ...item, status: 'in_progress', content: [] },
    whole: { ...item, status, content: [part] },
    deltas: (index) => [
      { type: 'response.content_part.added', ...place(index), part: empty },
      ...wordsOf(answer.text).map((delta) => ({
        type: 'response.output_text.delta',
        ...place(index),
        delta,
        logprobs: [],
      })),
    ],
    ends: (index) => [
      { type: 'response.output_text.done', ...place(index), text: answer.text, logprobs: [] },
      { type: 'response.content_part.done', ...place(index), part },
    ],
  };
}

function callOutput({ nextId }: Story, call: ToolCall, status: string): Output {
  const isCustom = call.kind === 'custom';
  const id = nextId(isCustom ? 'ctc_' : 'fc_');
  const field = isCustom ? 'input' : 'arguments';
  const event = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const item = {
    id,
    type: isCustom ? 'custom_tool_call' : 'function_call',
    call_id: nextId('call_'),
    name: call.name,
    namespace: call.namespace,
  };
  const name = isCustom ? {} : { name: call.name };
  return {
    start: { ...item, [field]: '', status: 'in_progress' },
    whole: { ...item, [field]: call.arguments, status },
    deltas: (index) =>
      crumbsOf(call.arguments).map((delta) => ({
        type: `${event}.delta`,
        item_id: id,
        output_index: index,
        delta,
      })),
    ends: (index) => [
      { type: `${event}.done`, item_id: id, output_index: index, [field]: call.arguments, ...name },
    ],
  };
}
