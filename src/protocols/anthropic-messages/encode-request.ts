import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, OutputFormat } from '../../kernel/conversation.ts';
import type { NamedField } from '../../kernel/field-names.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { sha256Hex } from '../../kernel/sha256.ts';
import { limitCacheMarks, MAX_CACHE_MARKS } from './cache-marks.ts';
import { encodeMessages } from './encode-messages.ts';
import { textBlocks } from './encode-part.ts';
import { encodeSampling } from './sampling.ts';
import { fitSchema } from './schema-fit.ts';
import { DEFAULT_MAX_TOKENS } from './token-limits.ts';
import { encodeTools } from './tools.ts';

/** Longest `metadata.user_id` that the API takes, in characters. */
const MAX_USER_ID = 256;

const JSON_OBJECT_LINE =
  'Answer with one JSON object and nothing else: no words around it and no code fence.';

/** Tiers that both sides know; others change the price, so they are never guessed. */
const SERVICE_TIERS: ReadonlyMap<string | undefined, string> = new Map([
  ['auto', 'auto'],
  ['default', 'standard_only'],
  ['standard', 'standard_only'],
  ['standard_only', 'standard_only'],
]);

/** Hints that this dialect has no word for. */
const UNKNOWN_HINTS: readonly (readonly [field: NamedField, isSet: (request: ChatRequest) => boolean])[] = [
  ['verbosity', ({ verbosity }) => verbosity !== undefined],
  ['cacheKey', ({ cacheKey }) => cacheKey !== undefined],
  ['metadata', ({ metadata = {} }) => Object.keys(metadata).length > 0],
  ['store', ({ store }) => store === true],
];

/**
 * The Messages body of a fitted request, without model id, system prefix and reasoning. It always asks for a stream.
 *
 * @throws GatewayError `invalid-request` naming what the model cannot do and what no hint is.
 */
export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const { losses, names } = context;
  if (request.logprobs !== undefined) {
    throw unsupportedField(names.logprobs, 'this model gives no log probabilities');
  }
  for (const [field, isSet] of UNKNOWN_HINTS) if (isSet(request)) losses.note(names[field], 'dropped');
  const system = encodeSystem(request, context);
  const body = {
    max_tokens: encodeMaxTokens(request, context),
    stream: true,
    ...(system.length > 0 && { system }),
    ...encodeTools(request, context),
    messages: encodeMessages(request.turns, context),
    ...encodeSampling(request.sampling, context),
    ...(request.stop !== undefined && { stop_sequences: request.stop }),
    ...encodeFormat(request.format, context),
    ...encodeEndUser(request.endUser),
    ...encodeServiceTier(request.serviceTier, context),
  };
  return fitCacheMarks(body, context);
}

function fitCacheMarks(body: JsonObject, { capabilities, losses, names }: EncodeContext): JsonObject {
  const limited = limitCacheMarks(body, capabilities.cacheBreakpoints === false ? 0 : MAX_CACHE_MARKS);
  if (limited !== body) losses.note(names.cacheMark, 'dropped');
  return limited;
}

function encodeSystem({ system, format }: ChatRequest, { losses, names }: EncodeContext): JsonObject[] {
  const blocks = system.flatMap(textBlocks);
  if (format?.type !== 'json-object') return blocks;
  losses.note(names.format, 'emulated');
  return [...blocks, { type: 'text', text: JSON_OBJECT_LINE }];
}

function encodeMaxTokens({ maxTokens }: ChatRequest, context: EncodeContext): number {
  const { maxOutput } = context.capabilities;
  if (maxTokens === undefined) return maxOutput ?? DEFAULT_MAX_TOKENS;
  if (maxOutput === undefined || maxTokens <= maxOutput) return maxTokens;
  context.losses.note(context.names.maxTokens, 'clamped');
  return maxOutput;
}

function encodeFormat(
  format: OutputFormat | undefined,
  { capabilities, losses, names }: EncodeContext,
): JsonObject {
  if (format?.type !== 'json-schema') return {};
  if (capabilities.jsonSchemaOut === false) {
    throw unsupportedField(names.format, 'this model cannot be held to a JSON schema');
  }
  const described = format.description ?? format.schema['description'];
  const source = described === undefined ? format.schema : { ...format.schema, description: described };
  const { schema, weakened } = fitSchema(source);
  if (weakened) losses.note(names.format, 'constraints-described');
  return { output_config: { format: { type: 'json_schema', schema } } };
}

/** The id only has to tell users apart, and its hash does. */
function encodeEndUser(endUser: string | undefined): JsonObject {
  if (endUser === undefined) return {};
  return { metadata: { user_id: endUser.length <= MAX_USER_ID ? endUser : sha256Hex(endUser) } };
}

function encodeServiceTier(tier: string | undefined, { losses, names }: EncodeContext): JsonObject {
  const known = SERVICE_TIERS.get(tier);
  if (known !== undefined) return { service_tier: known };
  if (tier !== undefined) losses.note(names.serviceTier, 'dropped');
  return {};
}
