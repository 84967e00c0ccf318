import { findNumber, findObject, findString, listOf, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ModelCall } from '../dialect.ts';
import type { Question } from '../question.ts';
import { tokensOf } from '../tokens.ts';
import { checkPairs, checkSignatures } from './check-pairs.ts';
import { checkSchema, JSON_SCHEMA_SUBSET, OPENAPI_SUBSET } from './check-schema.ts';
import { readContents } from './contents.ts';
import type { Content } from './contents.ts';
import { refuse, refuseUnknown } from './refuse.ts';
import { readChoice, readTools } from './tools.ts';

const KNOWN_FIELDS =
  'model contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent labels store ' +
  'serviceTier continuationToken';
const KNOWN_SETTINGS =
  'temperature topP topK maxOutputTokens stopSequences candidateCount presencePenalty frequencyPenalty seed ' +
  'responseMimeType responseSchema responseJsonSchema responseModalities responseLogprobs logprobs thinkingConfig ' +
  'mediaResolution speechConfig imageConfig enableEnhancedCivicAnswers';
const STOPS_MAX = 5;

/** @throws Refusal 400 for what the Gemini API would refuse. */
export function readGenerateRequest(call: ModelCall): Question {
  const { body } = call;
  refuseUnknown(body, '', KNOWN_FIELDS.split(' '));
  const model = call.pathModel ?? findString(body['model']) ?? '';
  if (model === '') refuse('* GenerateContentRequest.model: model is not specified\n');
  const settings = checkedSettings(findObject(body['generationConfig']) ?? {});
  const contents = readContents(body['contents']);
  checkPairs(contents);
  checkSignatures(contents, model);
  return {
    model,
    ...readLastTurn(contents.at(-1)),
    ...readChoice(body, readTools(body)),
    parallel: true,
    announces: true,
    reasoning: reasoningOf(settings),
    maxTokens: findNumber(settings['maxOutputTokens']),
    stops: listOf(settings['stopSequences']).filter((stop) => typeof stop === 'string'),
    format: formatOf(settings),
    promptTokens: tokensOf(call.bodyText),
  };
}

function checkedSettings(settings: JsonObject): JsonObject {
  refuseUnknown(settings, 'generation_config', KNOWN_SETTINGS.split(' '));
  const thinking = findObject(settings['thinkingConfig']) ?? {};
  refuseUnknown(thinking, 'generation_config.thinking_config', [
    'includeThoughts',
    'thinkingBudget',
    'thinkingLevel',
  ]);
  if (thinking['thinkingBudget'] !== undefined && thinking['thinkingLevel'] !== undefined) {
    refuse('You can only set only one of thinking budget and thinking level.');
  }
  if (listOf(settings['stopSequences']).length > STOPS_MAX) {
    refuse(
      '* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences are allowed\n',
    );
  }
  const openApi = findObject(settings['responseSchema']);
  if (openApi !== undefined) checkSchema(openApi, 'generation_config.response_schema', OPENAPI_SUBSET);
  const jsonSchema = findObject(settings['responseJsonSchema']);
  if (jsonSchema !== undefined)
    checkSchema(jsonSchema, 'generation_config.response_json_schema', JSON_SCHEMA_SUBSET);
  return settings;
}

function readLastTurn(last: Content | undefined): Pick<Question, 'turn' | 'text' | 'results' | 'media'> {
  const parts = last?.parts ?? [];
  const responses = parts
    .map((part) => findObject(part['functionResponse']))
    .filter((response) => response !== undefined);
  const mimes = [...parts, ...responses.flatMap((response) => listOf(response['parts']))].map(mimeOf);
  const countOf = (kind: string): number => mimes.filter((mime) => mime.startsWith(kind)).length;
  return {
    turn: last?.role === 'model' ? 'assistant' : responses.length > 0 ? 'tool' : 'user',
    text: last?.role === 'user' ? (findString(parts.findLast((part) => 'text' in part)?.['text']) ?? '') : '',
    results: responses.map((response) => resultText(findObject(response['response']) ?? {})),
    media: {
      images: countOf('image/'),
      documents: countOf('application/pdf'),
      recordings: countOf('audio/'),
    },
  };
}

function mimeOf(part: unknown): string {
  const holder = findObject(part);
  const data = findObject(holder?.['inlineData']) ?? findObject(holder?.['fileData']);
  return findString(data?.['mimeType']) ?? '';
}

function resultText(response: JsonObject): string {
  const error = findString(response['error']);
  if (error !== undefined) return `error ${error}`;
  return findString(response['output']) ?? writeJson(response);
}

function reasoningOf(settings: JsonObject): Question['reasoning'] {
  const thinking = findObject(settings['thinkingConfig']);
  if (thinking === undefined || thinking['thinkingBudget'] === 0) return 'none';
  return thinking['includeThoughts'] === true ? 'shown' : 'hidden';
}

function formatOf(settings: JsonObject): Question['format'] {
  if (settings['responseMimeType'] !== 'application/json') return undefined;
  return { schema: findObject(settings['responseJsonSchema']) ?? findObject(settings['responseSchema']) };
}
