import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { ModelCall } from '../dialect.ts';
import type { Question } from '../question.ts';
import { tokensOf } from '../tokens.ts';
import { checkItems, isCallOutput } from './check-items.ts';
import { checkSettings } from './check-settings.ts';
import { readItems } from './items.ts';
import type { Item } from './items.ts';
import { readChoice, readTools } from './tools.ts';

/** @throws Refusal 400 for what the Responses API would refuse. */
export function readResponsesRequest(call: ModelCall): Question {
  const { body } = call;
  checkSettings(body);
  const items = readItems(body['input']);
  checkItems(items);
  return {
    model: findString(body['model']) ?? '',
    ...readLastTurn(items),
    ...readChoice(body, readTools(body)),
    parallel: body['parallel_tool_calls'] !== false,
    announces: false,
    reasoning: reasoningOf(findObject(body['reasoning'])),
    maxTokens: findNumber(body['max_output_tokens']),
    stops: [],
    format: formatOf(body),
    promptTokens: tokensOf(call.bodyText),
  };
}

/** The run of items at the end that one side spoke. */
function lastRun(items: readonly Item[]): readonly Item[] {
  const heard = items.filter(({ item }) => item['role'] !== 'system' && item['role'] !== 'developer');
  const last = heard.at(-1);
  if (last === undefined || !isCallOutput(last)) return heard.slice(-1);
  return heard.slice(heard.findLastIndex((entry) => !isCallOutput(entry)) + 1);
}

function readLastTurn(items: readonly Item[]): Pick<Question, 'turn' | 'text' | 'results' | 'media'> {
  const run = lastRun(items);
  const outputs = run.filter(isCallOutput);
  const parts = run.flatMap(({ item }) => partsOf(item['content'] ?? item['output']));
  const countOf = (type: string): number => parts.filter((part) => part['type'] === type).length;
  const isUser = run[0]?.item['role'] === 'user';
  return {
    turn: outputs.length > 0 ? 'tool' : isUser ? 'user' : 'assistant',
    text: isUser ? (findString(parts.findLast((part) => part['type'] === 'input_text')?.['text']) ?? '') : '',
    results: outputs.map(({ item }) => textOf(item['output'])),
    media: { images: countOf('input_image'), documents: countOf('input_file'), recordings: 0 },
  };
}

function partsOf(content: Json | undefined): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'input_text', text: content }];
  return listOf(content).map((part) => findObject(part) ?? {});
}

const textOf = (content: Json | undefined): string =>
  partsOf(content)
    .map((part) => findString(part['text']) ?? '')
    .filter((text) => text !== '')
    .join(' ');

function reasoningOf(reasoning: JsonObject | undefined): Question['reasoning'] {
  if (reasoning === undefined || reasoning['effort'] === 'none') return 'none';
  return findString(reasoning['summary']) === undefined ? 'hidden' : 'shown';
}

function formatOf(body: JsonObject): Question['format'] {
  const format = findObject(findObject(body['text'])?.['format']);
  if (format === undefined || format['type'] === 'text') return undefined;
  return { schema: findObject(format['schema']) };
}
