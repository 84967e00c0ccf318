import type { ChatRequest, Sampling, SystemText } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
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
  requireString,
} from '../../kernel/read-fields.ts';
import { decodeInput } from './decode-input.ts';
import { decodeAnswerSettings } from './decode-settings.ts';
import { decodeToolChoice } from './decode-tool-choice.ts';
import { decodeTools, joinTools } from './decode-tools.ts';
import { FIELD_NAMES } from './field-names.ts';
import { noteUnread } from './read-members.ts';

const READ: readonly string[] = [
  ...[
    'model',
    'instructions',
    'input',
    'stream',
    'stream_options',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
  ],
  ...[
    'temperature',
    'top_p',
    'top_logprobs',
    'max_output_tokens',
    'reasoning',
    'text',
    'include',
    'truncation',
  ],
  ...['prompt_cache_key', 'safety_identifier', 'user', 'metadata', 'service_tier', 'store'],
  ...['previous_response_id', 'conversation', 'prompt', 'background', 'moderation'],
  'client_metadata', // what Codex tells of itself to OpenAI's statistics
];

/**
 * Reads an untrusted Responses body.
 *
 * @throws GatewayError `invalid-request` naming the field.
 */
export function decodeRequest(body: JsonObject, losses: Losses): ChatRequest {
  refuseUnsupported(body);
  noteUnread(body, READ, '', losses);
  noteIgnored(body, losses);
  const model = requireString(body, 'model', '');
  const { system, turns, tools: added, settings } = decodeInput(body, losses);
  const tools = joinTools(decodeTools(body, '', losses), added);
  const answer = decodeAnswerSettings([{ members: body, at: '' }, ...settings], losses);
  return {
    model,
    stream: optionalFlag(body, 'stream', '') ?? false,
    wantUsageChunk: false,
    system: [...decodeInstructions(body), ...system],
    turns,
    tools,
    sampling: decodeSampling(body),
    ...answer,
    ...present({
      toolChoice: decodeToolChoice(body, tools, losses),
      parallelToolCalls: optionalFlag(body, 'parallel_tool_calls', ''),
      maxTokens: optionalCount(body, 'max_output_tokens', ''),
      cacheKey: optionalString(body, 'prompt_cache_key', ''),
      endUser: decodeEndUser(body),
      metadata: optionalObject(body, 'metadata', ''),
      serviceTier: optionalString(body, 'service_tier', ''),
      store: optionalFlag(body, 'store', ''),
      logprobs: decodeLogprobs(body, losses),
    }),
    names: FIELD_NAMES,
  };
}

const ELSEWHERE = 'the conversation is kept at another service; send all of it as input';

/** Fields that point to what only the service itself has, or ask for what it alone can promise. */
const UNSUPPORTED: readonly (readonly [field: string, reason: string])[] = [
  ['previous_response_id', ELSEWHERE],
  ['conversation', ELSEWHERE],
  ['prompt', 'the prompt is kept at another service; send its text'],
  ['moderation', 'moderation cannot be guaranteed for this model'],
];

function refuseUnsupported(body: JsonObject): void {
  for (const [field, reason] of UNSUPPORTED) {
    if (body[field] !== undefined && body[field] !== null) throw unsupportedField(field, reason);
  }
  if (optionalFlag(body, 'background', '') === true) {
    throw unsupportedField('background', 'this model cannot answer in the background');
  }
}

/** Notes what only another value than the usual one would say. */
function noteIgnored(body: JsonObject, losses: Losses): void {
  if ((optionalString(body, 'truncation', '') ?? 'disabled') !== 'disabled')
    losses.note('truncation', 'ignored');
  // Nothing that is sent from here is padded against eavesdroppers, so there is no padding to leave out.
  noteUnread(
    optionalObject(body, 'stream_options', '') ?? {},
    ['include_obfuscation'],
    'stream_options',
    losses,
  );
}

function decodeInstructions(body: JsonObject): readonly SystemText[] {
  const text = optionalString(body, 'instructions', '') ?? '';
  return text === '' ? [] : [{ role: 'system', text }];
}

const decodeSampling = (body: JsonObject): Sampling =>
  present({
    temperature: optionalNumber(body, 'temperature', ''),
    topP: optionalNumber(body, 'top_p', ''),
  });

function decodeEndUser(body: JsonObject): string | undefined {
  const old = optionalString(body, 'user', '');
  return optionalString(body, 'safety_identifier', '') ?? old;
}

const LOGPROBS = 'message.output_text.logprobs';

/** Encrypted reasoning comes anyway; the rest of `include` is work of the service's own tools. */
function decodeLogprobs(body: JsonObject, losses: Losses): ChatRequest['logprobs'] {
  const include = optionalList(body, 'include', '') ?? [];
  include.forEach((entry, index) => {
    if (entry !== LOGPROBS && entry !== 'reasoning.encrypted_content')
      losses.note(`include[${index}]`, 'ignored');
  });
  const top = optionalInteger(body, 'top_logprobs', '') ?? 0;
  if (include.includes(LOGPROBS)) return { top };
  if (top !== 0) losses.note('top_logprobs', 'ignored');
  return undefined;
}
