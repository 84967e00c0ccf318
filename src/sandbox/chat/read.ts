import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ModelCall } from '../dialect.ts';
import type { Question } from '../question.ts';
import { tokensOf } from '../tokens.ts';
import { checkSettings } from './check-settings.ts';
import { checkPairs, partsOf, readMessages } from './messages.ts';
import type { Message } from './messages.ts';
import { readChoice, readTools } from './tools.ts';

/** @throws Refusal 400 for what a Chat Completions service would refuse. */
export function readChatRequest(call: ModelCall): Question {
  const { body } = call;
  checkSettings(body);
  const messages = readMessages(body['messages']);
  checkPairs(messages);
  const stop = body['stop'];
  return {
    model: findString(body['model']) ?? '',
    ...readLastTurn(messages),
    ...readChoice(body, readTools(body)),
    parallel: body['parallel_tool_calls'] !== false,
    announces: false,
    reasoning: reasons(body) ? 'shown' : 'none',
    maxTokens: findNumber(body['max_completion_tokens']) ?? findNumber(body['max_tokens']),
    stops: (typeof stop === 'string' ? [stop] : listOf(stop)).filter((word) => typeof word === 'string'),
    format: formatOf(findObject(body['response_format'])),
    promptTokens: tokensOf(call.bodyText),
  };
}

const isResult = ({ role }: Message): boolean => role === 'tool' || role === 'function';

function readLastTurn(messages: readonly Message[]): Pick<Question, 'turn' | 'text' | 'results' | 'media'> {
  const heard = messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  const last = heard.at(-1);
  const hasResults = last !== undefined && isResult(last);
  const run = hasResults
    ? heard.slice(heard.findLastIndex((message) => !isResult(message)) + 1)
    : heard.slice(-1);
  const parts = run.flatMap(({ message }) => partsOf(message['content']));
  const countOf = (type: string): number => parts.filter((part) => part['type'] === type).length;
  const text = findString(parts.findLast((part) => part['type'] === 'text')?.['text']) ?? '';
  return {
    turn: hasResults ? 'tool' : last?.role === 'user' ? 'user' : 'assistant',
    text: last?.role === 'user' ? text : '',
    results: hasResults ? run.map(resultText) : [],
    media: { images: countOf('image_url'), documents: countOf('file'), recordings: countOf('input_audio') },
  };
}

const resultText = ({ message }: Message): string =>
  partsOf(message['content'])
    .map((part) => findString(part['text']) ?? '')
    .join(' ');

/** The open models are asked in several ways. */
function reasons(body: JsonObject): boolean {
  const effort = findString(body['reasoning_effort']);
  if (effort !== undefined) return effort !== 'none';
  return findObject(body['thinking'])?.['type'] === 'enabled' || body['enable_thinking'] === true;
}

function formatOf(format: JsonObject | undefined): Question['format'] {
  if (format === undefined || format['type'] === 'text') return undefined;
  return { schema: findObject(findObject(format['json_schema'])?.['schema']) };
}
