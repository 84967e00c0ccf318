import type { ChatRequest, OutputFormat, Sampling } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
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
  present,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import { withoutBillingLine } from './billing-line.ts';
import { decodeCache, markLastTurn } from './decode-cache.ts';
import { decodeEffort } from './decode-effort.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeSystem } from './decode-system.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { decodeWish } from './decode-wish.ts';
import { FIELD_NAMES } from './field-names.ts';
import { noteUnread } from './note-unread.ts';

const READ = [
  ...['model', 'messages', 'system', 'max_tokens', 'stream', 'cache_control'],
  ...['tools', 'tool_choice', 'stop_sequences', 'temperature', 'top_p', 'top_k'],
  ...['thinking', 'output_config', 'output_format', 'metadata', 'service_tier', 'speed', 'mcp_servers'],
];

/** Members whose loss would change the answer, and that no other service can honour. */
const REFUSED: readonly (readonly [field: string, reason: string])[] = [
  ['container', 'this model has no container to run code in'],
  ['inference_geo', 'where this model runs cannot be chosen'],
  ['thread', 'no conversation is kept for this model: send all of its messages'],
  ['compaction', 'this model cannot write a compaction block'],
];

/**
 * Reads an untrusted Messages body.
 *
 * @throws GatewayError `invalid-request` naming the field.
 */
export function decodeRequest(body: JsonObject, losses: Losses): ChatRequest {
  refuseUnsupported(body);
  const model = requireString(body, 'model', '');
  const maxTokens = requireMaxTokens(body);
  const conversation = decodeMessages(body, losses);
  const tools = [...decodeTools(body, losses), ...conversation.tools];
  const reasoning = decodeWish(body, conversation.effort ?? decodeEffort(body, ''), losses);
  noteLost(body, losses);
  return {
    model,
    stream: optionalFlag(body, 'stream', '') ?? false,
    wantUsageChunk: false,
    system: withoutBillingLine([...decodeSystem(body, losses), ...conversation.system]),
    turns: markLastTurn(conversation.turns, decodeCache(body, '').cache, losses),
    tools,
    ...decodeToolChoice(body, tools),
    maxTokens,
    sampling: decodeSampling(body),
    reasoning,
    names: FIELD_NAMES,
    ...present({
      stop: decodeStop(body, losses),
      format: decodeFormat(body),
      endUser: decodeEndUser(body, losses),
      serviceTier: optionalString(body, 'service_tier', ''),
    }),
  };
}

function refuseUnsupported(body: JsonObject): void {
  for (const [field, reason] of REFUSED) {
    if (body[field] !== undefined && body[field] !== null) throw unsupportedField(field, reason);
  }
  if ((optionalList(body, 'mcp_servers', '') ?? []).length > 0) {
    throw unsupportedField('mcp_servers', 'this model cannot reach MCP servers by itself');
  }
}

function requireMaxTokens(body: JsonObject): number {
  if (body['max_tokens'] === 0) {
    throw unsupportedField(
      'max_tokens',
      'must be at least 1: the cache of this model cannot be warmed ahead',
    );
  }
  const count = optionalCount(body, 'max_tokens', '');
  if (count !== undefined) return count;
  throw invalidField(
    'max_tokens',
    'is required and must be a positive integer',
    'missing_required_parameter',
  );
}

/** Notes what no other service can be told. */
function noteLost(body: JsonObject, losses: Losses): void {
  noteUnread(body, '', READ, losses);
  noteUnread(optionalObject(body, 'output_config', '') ?? {}, 'output_config', ['format', 'effort'], losses);
  if ((optionalString(body, 'speed', '') ?? 'standard') !== 'standard') losses.note('speed', 'dropped');
}

const decodeSampling = (body: JsonObject): Sampling =>
  present({
    temperature: optionalNumber(body, 'temperature', ''),
    topP: optionalNumber(body, 'top_p', ''),
    topK: optionalInteger(body, 'top_k', ''),
  });

/** A sequence of blanks alone would match anywhere, and Anthropic takes none either. */
function decodeStop(body: JsonObject, losses: Losses): readonly string[] | undefined {
  const stops = (optionalList(body, 'stop_sequences', '') ?? []).map((entry, index) => {
    if (typeof entry === 'string') return entry;
    throw invalidField(`stop_sequences[${index}]`, 'must be a string', 'invalid_type');
  });
  const filled = stops.filter((stop) => stop.trim() !== '');
  if (filled.length < stops.length) losses.note('stop_sequences', 'dropped');
  return filled.length === 0 ? undefined : filled;
}

/** The format by its present name or its old one. */
function decodeFormat(body: JsonObject): OutputFormat | undefined {
  const config = optionalObject(body, 'output_config', '');
  const format = config && optionalObject(config, 'format', 'output_config');
  if (format !== undefined) return schemaFormat(format, 'output_config.format');
  const old = optionalObject(body, 'output_format', '');
  return old && schemaFormat(old, 'output_format');
}

/** Anthropic holds every answer to the schema, so it is strict wherever it goes. */
function schemaFormat(format: JsonObject, at: string): OutputFormat {
  const type = requireString(format, 'type', at);
  if (type === 'json_schema')
    return { type: 'json-schema', schema: requireObject(format, 'schema', at), strict: true };
  throw unsupportedField(`${at}.type`, `"${type}" is not a format that can be asked for`);
}

function decodeEndUser(body: JsonObject, losses: Losses): string | undefined {
  const metadata = optionalObject(body, 'metadata', '') ?? {};
  noteUnread(metadata, 'metadata', ['user_id'], losses);
  return optionalString(metadata, 'user_id', 'metadata');
}
