import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ModelCall } from '../dialect.ts';
import type { Question } from '../question.ts';
import { tokensOf } from '../tokens.ts';
import { checkBlocks } from './check-blocks.ts';
import { checkPairs } from './check-pairs.ts';
import { checkFields, checkModel, checkSystem, checkThinkingSettings } from './check-settings.ts';
import { readChoice, readTools } from './check-tools.ts';
import { refuse } from './refuse.ts';
import { readTurns, resultText } from './turns.ts';
import type { Turn } from './turns.ts';

/** @throws Refusal 400 for what the Messages API would refuse. */
export function readMessagesRequest(call: ModelCall): Question {
  const { body } = call;
  if (call.header('anthropic-version') === undefined) refuse('anthropic-version: header is required');
  checkFields(body);
  const turns = checkedTurns(body);
  checkSystem(body);
  checkThinkingSettings(body, turns);
  const tools = readTools(body, turns);
  const format =
    findObject(findObject(body['output_config'])?.['format']) ?? findObject(body['output_format']);
  return {
    model: findString(body['model']) ?? '',
    ...readLastTurn(turns.at(-1)),
    tools,
    choice: readChoice(body),
    parallel: findObject(body['tool_choice'])?.['disable_parallel_tool_use'] !== true,
    announces: true,
    reasoning: reasoningOf(body),
    maxTokens: findNumber(body['max_tokens']),
    stops: listOf(body['stop_sequences']).filter((stop) => typeof stop === 'string'),
    format: format === undefined ? undefined : { schema: findObject(format['schema']) },
    promptTokens: tokensOf(call.bodyText),
  };
}

/** The tokens of a request that is only to be counted. @throws Refusal as for a request that is to be answered. */
export function countMessagesTokens(call: ModelCall): JsonObject {
  checkModel(call.body);
  checkedTurns(call.body);
  return { input_tokens: tokensOf(call.bodyText) };
}

function checkedTurns(body: JsonObject): readonly Turn[] {
  const turns = readTurns(body['messages']);
  checkBlocks(turns);
  checkPairs(turns);
  return turns;
}

function readLastTurn(last: Turn | undefined): Pick<Question, 'turn' | 'text' | 'results' | 'media'> {
  const blocks = last?.blocks ?? [];
  const results = blocks.filter(({ type }) => type === 'tool_result').map(({ block }) => block);
  const inResults = results.flatMap((block) =>
    listOf(block['content']).map((part) => findObject(part)?.['type']),
  );
  const types = [...blocks.map(({ type }) => type), ...inResults];
  const text = blocks.findLast(({ type }) => type === 'text')?.block['text'];
  return {
    turn: last?.role === 'assistant' ? 'assistant' : results.length > 0 ? 'tool' : 'user',
    text: last?.role === 'user' ? (findString(text) ?? '') : '',
    results: results.map(resultText),
    media: {
      images: types.filter((type) => type === 'image').length,
      documents: types.filter((type) => type === 'document').length,
      recordings: 0,
    },
  };
}

function reasoningOf(body: JsonObject): Question['reasoning'] {
  const thinking = findObject(body['thinking']);
  const type = thinking?.['type'];
  if (type !== 'enabled' && type !== 'adaptive') return 'none';
  return thinking?.['display'] === 'omitted' ? 'hidden' : 'shown';
}
