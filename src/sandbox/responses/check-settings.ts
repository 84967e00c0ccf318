import { findNumber, findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { findSchemaFault } from '../schema-fault.ts';
import { refuse, refuseLonger, refuseMissing, refuseUnknown } from './refuse.ts';

const KNOWN_FIELDS =
  'model input instructions stream stream_options store include tools tool_choice parallel_tool_calls max_tool_calls ' +
  'max_output_tokens temperature top_p top_logprobs reasoning text truncation metadata user safety_identifier ' +
  'prompt_cache_key prompt_cache_options prompt_cache_retention service_tier previous_response_id conversation ' +
  'background prompt context_management moderation client_metadata';
const FEWEST_OUTPUT_TOKENS = 16;
const LONGEST_IDENTIFIER = 64;

/** @throws Refusal for a top-level field that is unknown, missing, out of range or not for a model that reasons. */
export function checkSettings(body: JsonObject): void {
  refuseUnknown(body, '', KNOWN_FIELDS.split(' '));
  if ((findString(body['model']) ?? '') === '') refuseMissing('model');
  const previous = findString(body['previous_response_id']);
  if (previous !== undefined) {
    refuse(
      `Previous response with id '${previous}' not found.`,
      'previous_response_id',
      'previous_response_not_found',
    );
  }
  if (body['input'] === undefined) refuseMissing('input');
  checkRange(body, 'max_output_tokens', FEWEST_OUTPUT_TOKENS, Infinity);
  checkRange(body, 'temperature', 0, 2);
  checkRange(body, 'top_p', 0, 1);
  refuseLonger(body['safety_identifier'], 'safety_identifier', LONGEST_IDENTIFIER);
  checkReasons(body);
  checkFormat(findObject(findObject(body['text'])?.['format']));
}

function checkRange(body: JsonObject, field: string, lowest: number, highest: number): void {
  const value = findNumber(body[field]);
  if (value === undefined || (value >= lowest && value <= highest)) return;
  const [bound, sign, code] =
    value < lowest ? ([lowest, '>=', 'below_min'] as const) : ([highest, '<=', 'above_max'] as const);
  const kind = field === 'max_output_tokens' ? 'integer' : 'decimal';
  refuse(
    `Invalid '${field}': ${kind} ${spoken(code)} value. Expected a value ${sign} ${bound}, but got ${value} instead.`,
    field,
    `${kind}_${code}_value`,
  );
}

const spoken = (code: string): string => (code === 'below_min' ? 'below minimum' : 'above maximum');

function checkReasons(body: JsonObject): void {
  const effort = findString(findObject(body['reasoning'])?.['effort']) ?? 'none';
  if (effort === 'none') return;
  for (const field of ['temperature', 'top_p', 'top_logprobs']) {
    const value = body[field] ?? null;
    if (value !== null) {
      refuse(
        `Unsupported parameter: '${field}' is not supported with this model.`,
        field,
        'unsupported_parameter',
      );
    }
  }
}

function checkFormat(format: JsonObject | undefined): void {
  if (format?.['type'] !== 'json_schema') return;
  for (const field of ['name', 'schema']) {
    if (format[field] === undefined) refuseMissing(`text.format.${field}`);
  }
  if (format['strict'] !== true) return;
  const fault = findSchemaFault(findObject(format['schema']) ?? {}, true);
  if (fault === undefined) return;
  const name = findString(format['name']) ?? '';
  refuse(
    `Invalid schema for response_format '${name}': ${fault}`,
    'text.format.schema',
    'invalid_json_schema',
  );
}
