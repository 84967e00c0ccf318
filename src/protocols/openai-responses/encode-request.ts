import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, Sampling, SystemText } from '../../kernel/conversation.ts';
import type { NamedField } from '../../kernel/field-names.ts';
import { fitFormat } from '../../kernel/fit-schemas.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { sha256Hex } from '../../kernel/sha256.ts';
import { noteLostMarks } from './cache-marks.ts';
import { encodeInput } from './encode-input.ts';
import { encodeFormat } from './text-format.ts';
import { encodeToolMembers } from './tools.ts';

/**
 * Writes a streaming request that stores nothing unless the client said so, without model id, prefix and reasoning.
 *
 * @throws GatewayError `invalid-request` naming what this service cannot carry.
 */
export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  noteDropped(request, context);
  noteLostMarks(request, context);
  return {
    ...encodeConversation(request, context),
    ...encodeToolMembers(request, context),
    ...encodeText(request, context),
    ...encodeLength(request, context),
    ...encodeSampling(request, context),
    ...encodeHousekeeping(request, context),
    stream: true,
    store: request.store === true,
    include: [
      // Models that do not reason refuse to be asked for its state.
      ...(context.capabilities.reasoning === false ? [] : ['reasoning.encrypted_content']),
      ...(request.logprobs === undefined ? [] : ['message.output_text.logprobs']),
    ],
  };
}

/** The sampling that this service does not know, and where it asks for anything. */
const UNKNOWN: readonly (readonly [field: NamedField, asks: (sampling: Sampling) => boolean])[] = [
  ['topK', ({ topK }) => topK !== undefined],
  ['frequencyPenalty', ({ frequencyPenalty = 0 }) => frequencyPenalty !== 0],
  ['presencePenalty', ({ presencePenalty = 0 }) => presencePenalty !== 0],
  ['seed', ({ seed }) => seed !== undefined],
  ['logitBias', ({ logitBias = {} }) => Object.keys(logitBias).length > 0],
];

function noteDropped({ sampling }: ChatRequest, { losses, names }: EncodeContext): void {
  for (const [field, asks] of UNKNOWN) if (asks(sampling)) losses.note(names[field], 'dropped');
}

/** Instructions alone are no request, so then they stand as a message. */
function encodeConversation({ system, turns }: ChatRequest, context: EncodeContext): JsonObject {
  const instructions = joinSystem(system);
  const input = encodeInput(turns, context);
  if (input.length > 0) return { ...(instructions !== undefined && { instructions }), input };
  if (instructions === undefined)
    throw invalidField(context.names.messages, 'holds nothing that can be sent');
  const content = [{ type: 'input_text', text: instructions }];
  return { input: [{ type: 'message', role: 'developer', content }] };
}

/** System texts as one, a blank line between them; `undefined` when there are none. */
export const joinSystem = (system: readonly SystemText[]): string | undefined =>
  system.length === 0 ? undefined : system.map(({ text }) => text).join('\n\n');

function encodeText({ format, verbosity }: ChatRequest, context: EncodeContext): JsonObject {
  const { capabilities, names } = context;
  if (format?.type === 'json-schema' && capabilities.jsonSchemaOut === false) {
    throw unsupportedField(names.format, 'this model cannot be held to a JSON schema');
  }
  if (format?.type === 'json-object' && capabilities.jsonObjectOut === false) {
    throw unsupportedField(names.format, 'this model cannot be held to JSON');
  }
  const asked = format !== undefined && format.type !== 'text';
  if (!asked && verbosity === undefined) return {};
  return {
    text: {
      ...(asked && { format: encodeFormat(fitFormat(format, context)) }),
      ...(verbosity !== undefined && { verbosity }),
    },
  };
}

const MIN_OUTPUT_TOKENS = 16;

function encodeLength(
  { maxTokens }: ChatRequest,
  { capabilities, losses, names }: EncodeContext,
): JsonObject {
  if (maxTokens === undefined) return {};
  if (maxTokens <= 0) throw invalidField(names.maxTokens, 'must be at least 1 for this model');
  const limit = Math.max(MIN_OUTPUT_TOKENS, Math.min(maxTokens, capabilities.maxOutput ?? maxTokens));
  if (limit !== maxTokens) losses.note(names.maxTokens, limit > maxTokens ? 'raised' : 'clamped');
  return { max_output_tokens: limit };
}

/** The temperature and the share of tokens that change nothing. */
const NEUTRAL = 1;

function encodeSampling(
  { sampling, logprobs }: ChatRequest,
  { capabilities, losses, names }: EncodeContext,
): JsonObject {
  const allowed = (field: 'temperature' | 'topP', key: string): JsonObject => {
    const value = sampling[field];
    if (value === undefined) return {};
    if (capabilities.sampling?.[field] !== false) return { [key]: value };
    if (value !== NEUTRAL) losses.note(names[field], 'dropped');
    return {};
  };
  return {
    ...allowed('temperature', 'temperature'),
    ...allowed('topP', 'top_p'),
    ...(logprobs !== undefined && { top_logprobs: logprobs.top }),
  };
}

const MAX_ID_CHARS = 64;

/** Service tiers of the dialects that mean one of this one's; a tier that costs more is never put in place of another. */
const TIERS: Readonly<Record<string, string>> = {
  auto: 'auto',
  default: 'default',
  standard: 'default',
  standard_only: 'default',
  flex: 'flex',
  scale: 'scale',
  fast: 'fast',
  priority: 'priority',
};

function encodeHousekeeping(request: ChatRequest, { losses, names }: EncodeContext): JsonObject {
  const { cacheKey, endUser, metadata, serviceTier, store } = request;
  const tier =
    serviceTier !== undefined && Object.hasOwn(TIERS, serviceTier) ? TIERS[serviceTier] : undefined;
  if (serviceTier !== undefined && tier === undefined) losses.note(names.serviceTier, 'dropped');
  if (metadata !== undefined && store !== true) losses.note(names.metadata, 'dropped');
  return {
    ...(cacheKey !== undefined && { prompt_cache_key: shortId(cacheKey) }),
    ...(endUser !== undefined && { safety_identifier: shortId(endUser) }),
    ...(tier !== undefined && { service_tier: tier }),
    ...(metadata !== undefined && store === true && { metadata }),
  };
}

/** Ids over the service's limit become their hash, the same on every call. */
const shortId = (id: string): string => (id.length > MAX_ID_CHARS ? sha256Hex(id) : id);
