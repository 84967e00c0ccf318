import type { ScriptedAnswer } from '../../../src/sandbox/serving/script.ts';
import { namedEvents, streamOf } from './wire.ts';

/** An event before it has its number. */
export interface WireEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

const RESPONSES_USAGE = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 15,
};

const response = (status: string, output: readonly object[], more: object = {}): object => ({
  id: 'resp_up',
  object: 'response',
  created_at: 1764000000,
  status,
  model: 'upstream-model',
  output,
  usage: status === 'in_progress' ? null : RESPONSES_USAGE,
  error: null,
  incomplete_details: null,
  ...more,
});

/** Numbers events and puts them between a start and an end. */
export function responsesEvents(
  inner: readonly WireEvent[],
  output: readonly object[],
  { status = 'completed', ...more }: { readonly status?: string; readonly [member: string]: unknown } = {},
): string {
  const all = [
    { type: 'response.created', response: response('in_progress', []) },
    { type: 'response.in_progress', response: response('in_progress', []) },
    ...inner,
    { type: `response.${status}`, response: response(status, output, more) },
  ];
  return namedEvents(...all.map((event, sequence_number) => ({ ...event, sequence_number })));
}

/** The events by which an item is told whole, and the item as it stands at the end. */
export interface ToldItem {
  readonly item: object;
  readonly events: readonly WireEvent[];
}

export function messageItem(output_index: number, ...texts: readonly string[]): ToldItem {
  const text = texts.join('');
  const id = `msg_${output_index}`;
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  const item = { id, type: 'message', role: 'assistant', status: 'completed', content: [part] };
  const at = { item_id: id, output_index, content_index: 0 };
  return {
    item,
    events: [
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...item, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
      ...texts.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
      { type: 'response.output_text.done', ...at, text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part },
      { type: 'response.output_item.done', output_index, item },
    ],
  };
}

export function callItem(output_index: number, call_id: string, name: string, args: string): ToldItem {
  const id = `fc_${output_index}`;
  const item = { id, type: 'function_call', status: 'completed', call_id, name, arguments: args };
  const at = { item_id: id, output_index };
  return {
    item,
    events: [
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...item, status: 'in_progress', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', ...at, delta: args },
      { type: 'response.function_call_arguments.done', ...at, arguments: args, name },
      { type: 'response.output_item.done', output_index, item },
    ],
  };
}

export function reasoningItem(
  output_index: number,
  summaries: readonly string[],
  encrypted_content: string,
): ToldItem {
  const id = `rs_${output_index}`;
  const summary = summaries.map((text) => ({ type: 'summary_text', text }));
  const item = { id, type: 'reasoning', summary, encrypted_content };
  return {
    item,
    events: [
      {
        type: 'response.output_item.added',
        output_index,
        item: { id, type: 'reasoning', summary: [], encrypted_content: 'partial' },
      },
      ...summaries.flatMap((text, summary_index) => {
        const at = { item_id: id, output_index, summary_index };
        return [
          { type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } },
          { type: 'response.reasoning_summary_text.delta', ...at, delta: text },
          { type: 'response.reasoning_summary_text.done', ...at, text },
          { type: 'response.reasoning_summary_part.done', ...at, part: { type: 'summary_text', text } },
        ];
      }),
      { type: 'response.output_item.done', output_index, item },
    ],
  };
}

/** A whole Responses stream of these items. */
export const responsesStream = (
  items: readonly ToldItem[],
  end: Parameters<typeof responsesEvents>[2] = {},
): ScriptedAnswer =>
  streamOf(
    responsesEvents(
      items.flatMap(({ events }) => events),
      items.map(({ item }) => item),
      end,
    ),
  );
