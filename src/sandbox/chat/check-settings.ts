import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { findSchemaFault } from '../schema-fault.ts';
import { isOpenai } from './is-openai.ts';
import { refuse } from './refuse.ts';

const STOPS_MAX = 4;

/** @throws Refusal for a setting that is missing, out of range or contradicts another one. */
export function checkSettings(body: JsonObject): void {
  if ((findString(body['model']) ?? '') === '') refuse('you must provide a model parameter');
  checkAtLeastOne(body, 'max_tokens');
  checkAtLeastOne(body, 'max_completion_tokens');
  checkContradictions(body);
  const temperature = findNumber(body['temperature']) ?? 1;
  if (temperature < 0 || temperature > 2) {
    refuse(
      `Invalid 'temperature': expected a value between 0 and 2, but got ${temperature} instead.`,
      'temperature',
    );
  }
  if (listOf(body['stop']).length > STOPS_MAX) {
    const limit = `Expected an array with maximum length ${STOPS_MAX}.`;
    refuse(`Invalid 'stop': array too long. ${limit}`, 'stop', 'array_above_max_length');
  }
  checkFormat(findObject(body['response_format']), isOpenai(body));
}

function checkContradictions(body: JsonObject): void {
  if (isSet(body['max_tokens']) && isSet(body['max_completion_tokens'])) {
    refuse("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
  }
  if (isSet(body['stream_options']) && body['stream'] !== true) {
    refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

function checkFormat(format: JsonObject | undefined, isPicky: boolean): void {
  if (format?.['type'] !== 'json_schema') return;
  const inner = findObject(format['json_schema']) ?? {};
  const name = findString(inner['name']);
  if (name === undefined) {
    const param = 'response_format.json_schema.name';
    refuse(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  }
  if (inner['strict'] !== true || !isPicky) return;
  const fault = findSchemaFault(findObject(inner['schema']) ?? {}, true);
  if (fault !== undefined)
    refuse(`Invalid schema for response_format '${name}': ${fault}`, 'response_format');
}

function checkAtLeastOne(body: JsonObject, field: string): void {
  const value = findNumber(body[field]);
  if (value === undefined || value >= 1) return;
  refuse(
    `Invalid '${field}': integer below minimum value. Expected a value >= 1, but got ${value} instead.`,
    field,
    'integer_below_min_value',
  );
}
