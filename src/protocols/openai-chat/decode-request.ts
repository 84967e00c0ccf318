import type { ChatRequest, OutputFormat, Sampling } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { isJsonArray } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  optionalCount,
  optionalFlag,
  optionalInteger,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalString,
  optionalWord,
  present,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { decodeWish } from './decode-wish.ts';
import { fieldNamesOf } from './field-names.ts';

const READ: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'n', 'modalities', 'audio', 'moderation'],
  ...['tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call'],
  ...['max_tokens', 'max_completion_tokens', 'stop', 'response_format', 'verbosity'],
  ...['temperature', 'top_p', 'top_k', 'frequency_penalty', 'presence_penalty', 'seed', 'logit_bias'],
  ...['logprobs', 'top_logprobs', 'prompt_cache_key', 'service_tier', 'store'],
  ...['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'thinking_budget'],
  ...['user', 'safety_identifier', 'metadata'],
]);

/**
 * Reads an untrusted Chat Completions body.
 *
 * @throws GatewayError `invalid-request` naming the field.
 */
export function decodeRequest(body: JsonObject, losses: Losses): ChatRequest {
  refuseUnsupported(body);
  const model = requireString(body, 'model', '');
  const { system, turns } = decodeMessages(body, losses);
  const reasoning = decodeWish(body, losses);
  noteUnread(body, losses);
  return {
    model,
    stream: optionalFlag(body, 'stream', '') ?? false,
    wantUsageChunk: wantsUsage(body, losses),
    system,
    turns,
    tools: decodeTools(body),
    sampling: decodeSampling(body),
    reasoning,
    names: fieldNamesOf(body),
    ...present({
      toolChoice: decodeToolChoice(body),
      parallelToolCalls: optionalFlag(body, 'parallel_tool_calls', ''),
      maxTokens: decodeMaxTokens(body),
      stop: decodeStop(body),
      format: decodeFormat(body),
      verbosity: optionalWord(body, 'verbosity', '', ['low', 'medium', 'high']),
      cacheKey: optionalString(body, 'prompt_cache_key', ''),
      endUser: decodeEndUser(body),
      metadata: optionalObject(body, 'metadata', ''),
      serviceTier: optionalString(body, 'service_tier', ''),
      store: optionalFlag(body, 'store', ''),
      logprobs: decodeLogprobs(body, losses),
    }),
  };
}

/** Fields whose loss would change the answer, and that no target can carry. */
function refuseUnsupported(body: JsonObject): void {
  if ((optionalCount(body, 'n', '') ?? 1) > 1) {
    throw unsupportedField('n', 'only one choice can be generated for this model');
  }
  if (optionalList(body, 'modalities', '')?.includes('audio') === true) {
    throw unsupportedField('modalities', 'this model cannot answer with audio');
  }
  if (optionalObject(body, 'audio', '') !== undefined) {
    throw unsupportedField('audio', 'this model cannot answer with audio');
  }
  if (optionalObject(body, 'moderation', '') !== undefined) {
    throw unsupportedField('moderation', 'moderation cannot be guaranteed for this model');
  }
}

function noteUnread(body: JsonObject, losses: Losses): void {
  for (const [key, value] of Object.entries(body)) {
    if (value !== null && !READ.has(key)) losses.note(key, 'ignored');
  }
}

function wantsUsage(body: JsonObject, losses: Losses): boolean {
  const options = optionalObject(body, 'stream_options', '');
  if (options === undefined) return false;
  for (const key of Object.keys(options)) {
    if (key !== 'include_usage') losses.note(`stream_options.${key}`, 'ignored');
  }
  return optionalFlag(options, 'include_usage', 'stream_options') ?? false;
}

function decodeSampling(body: JsonObject): Sampling {
  return present({
    temperature: optionalNumber(body, 'temperature', ''),
    topP: optionalNumber(body, 'top_p', ''),
    topK: optionalInteger(body, 'top_k', ''),
    frequencyPenalty: optionalNumber(body, 'frequency_penalty', ''),
    presencePenalty: optionalNumber(body, 'presence_penalty', ''),
    seed: optionalInteger(body, 'seed', ''),
    logitBias: optionalObject(body, 'logit_bias', ''),
  });
}

function decodeMaxTokens(body: JsonObject): number | undefined {
  const old = optionalCount(body, 'max_tokens', '');
  return optionalCount(body, 'max_completion_tokens', '') ?? old;
}

/** An empty stop sequence would match everywhere, so it is left out. */
function decodeStop(body: JsonObject): readonly string[] | undefined {
  const value = body['stop'];
  if (!isJsonArray(value)) {
    const stop = optionalString(body, 'stop', '');
    return stop === undefined || stop === '' ? undefined : [stop];
  }
  const stops = value.map((entry, index) => {
    if (typeof entry === 'string') return entry;
    throw invalidField(`stop[${index}]`, 'must be a string', 'invalid_type');
  });
  const filled = stops.filter((stop) => stop !== '');
  return filled.length === 0 ? undefined : filled;
}

function decodeFormat(body: JsonObject): OutputFormat | undefined {
  const format = optionalObject(body, 'response_format', '');
  if (format === undefined) return undefined;
  const type = requireString(format, 'type', 'response_format');
  switch (type) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema':
      return decodeSchemaFormat(requireObject(format, 'json_schema', 'response_format'));
    default:
      throw unsupportedField('response_format.type', `"${type}" is not a format that can be asked for`);
  }
}

function decodeSchemaFormat(format: JsonObject): OutputFormat {
  const at = 'response_format.json_schema';
  return {
    type: 'json-schema',
    schema: requireObject(format, 'schema', at),
    ...present({
      name: optionalString(format, 'name', at),
      description: optionalString(format, 'description', at),
      strict: optionalFlag(format, 'strict', at),
    }),
  };
}

function decodeEndUser(body: JsonObject): string | undefined {
  const old = optionalString(body, 'user', '');
  return optionalString(body, 'safety_identifier', '') ?? old;
}

function decodeLogprobs(body: JsonObject, losses: Losses): ChatRequest['logprobs'] {
  const top = optionalInteger(body, 'top_logprobs', '');
  if (optionalFlag(body, 'logprobs', '') === true) return { top: top ?? 0 };
  if (top !== undefined && top !== 0) losses.note('top_logprobs', 'ignored');
  return undefined;
}
