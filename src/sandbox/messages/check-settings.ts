import { findNumber, findObject, findString, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { refuse } from './refuse.ts';
import type { Turn } from './turns.ts';

const KNOWN_FIELDS =
  'model messages max_tokens system stream temperature top_p top_k stop_sequences tools tool_choice thinking metadata ' +
  'output_config output_format service_tier speed container context_management mcp_servers cache_control diagnostics ' +
  'inference_geo user_profile_id workspace_id billing_policy compaction fallbacks fallback_credit_token thread';
const CACHE_MARKS_MAX = 4;
const BUDGET_MIN = 1024;

/** @throws Refusal for a field that is unknown, missing or out of range. */
export function checkFields(body: JsonObject): void {
  const known = KNOWN_FIELDS.split(' ');
  const extra = Object.keys(body).find((key) => !known.includes(key));
  if (extra !== undefined) refuse(`${extra}: Extra inputs are not permitted`);
  checkModel(body);
  const maxTokens = body['max_tokens'];
  if (maxTokens === undefined) refuse('max_tokens: Field required');
  if (!Number.isInteger(maxTokens)) refuse('max_tokens: Input should be a valid integer');
  if ((findNumber(maxTokens) ?? 0) < 1) refuse('max_tokens: Input should be greater than or equal to 1');
  checkRange(body, 'temperature');
  checkRange(body, 'top_p');
  checkSamplingPair(body);
  for (const [index, stop] of listOf(body['stop_sequences']).entries()) {
    if (typeof stop !== 'string' || stop.trim() === '') {
      refuse(`stop_sequences.${index}: each stop sequence must contain non-whitespace`);
    }
  }
}

/** @throws Refusal when no model is named. */
export function checkModel(body: JsonObject): void {
  if ((findString(body['model']) ?? '') === '') refuse('model: Field required');
}

function checkRange(body: JsonObject, field: string): void {
  const value = body[field];
  if (value === undefined || value === null) return;
  const number = findNumber(value);
  if (number === undefined || number < 0 || number > 1) refuse(`${field}: range: 0..1`);
}

/** Models since 4.1 take one of the two. */
function checkSamplingPair(body: JsonObject): void {
  const takesOne = /^claude-(?:opus|sonnet|haiku|fable)-(?:4-[1-9](?!\d)|[5-9])/;
  if (!takesOne.test(findString(body['model']) ?? '')) return;
  if ((body['temperature'] ?? null) === null || (body['top_p'] ?? null) === null) return;
  refuse('`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
}

/** @throws Refusal for empty system blocks, or more than four cache marks in all. */
export function checkSystem(body: JsonObject): void {
  for (const entry of listOf(body['system'])) {
    if (findObject(entry)?.['text'] === '') refuse('system: text content blocks must be non-empty');
  }
  const marks = countMarks(body['system']) + countMarks(body['tools']) + countMarks(body['messages']);
  if (marks > CACHE_MARKS_MAX) {
    refuse(`A maximum of ${CACHE_MARKS_MAX} blocks with cache_control may be provided. Found ${marks}.`);
  }
}

/** Marks on list members: what a tool calls its own parameters does not count. */
function countMarks(value: Json | undefined): number {
  let marks = 0;
  for (const entry of listOf(value)) {
    if (!isJsonObject(entry)) continue;
    if (isJsonObject(entry['cache_control'])) marks += 1;
    marks += countMarks(entry['content']);
  }
  return marks;
}

/** @throws Refusal for settings that do not go with thinking, or not with this model's kind of it. */
export function checkThinkingSettings(body: JsonObject, turns: readonly Turn[]): void {
  const model = findString(body['model']) ?? '';
  const thinking = findObject(body['thinking']);
  const type = findString(thinking?.['type']);
  checkModelTakes(model, type, body);
  if (type !== 'enabled' && type !== 'adaptive') return;
  if (type === 'enabled') checkBudget(body, thinking?.['budget_tokens']);
  if (type === 'adaptive' && thinking?.['budget_tokens'] !== undefined) {
    refuse('thinking.adaptive.budget_tokens: Extra inputs are not permitted');
  }
  checkSampling(body);
  if (type === 'enabled') checkOpenLoop(turns);
}

function checkModelTakes(model: string, type: string | undefined, body: JsonObject): void {
  const isAdaptiveOnly = /^claude-(?:opus|sonnet|haiku|fable)-(?:4-[7-9]|[5-9])/.test(model);
  const hasBudgetOnly = /^claude-(?:opus|sonnet|haiku)-4-(?:[0-5](?:-|$)|\d{8})/.test(model);
  if (type === 'enabled' && isAdaptiveOnly) {
    refuse(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort".',
    );
  }
  if (type === 'adaptive' && hasBudgetOnly) refuse('adaptive thinking is not supported on this model');
  if (isAdaptiveOnly && (body['temperature'] ?? 1) !== 1)
    refuse('`temperature` is deprecated for this model.');
}

function checkBudget(body: JsonObject, value: Json | undefined): void {
  const budget = findNumber(value);
  if (budget === undefined) refuse('thinking.enabled.budget_tokens: Field required');
  if (budget < BUDGET_MIN) {
    refuse(`thinking.enabled.budget_tokens: Input should be greater than or equal to ${BUDGET_MIN}`);
  }
  if ((findNumber(body['max_tokens']) ?? 0) <= budget) {
    refuse('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
}

function checkSampling(body: JsonObject): void {
  if ((body['temperature'] ?? 1) !== 1)
    refuse('`temperature` may only be set to 1 when thinking is enabled.');
  if ((body['top_k'] ?? null) !== null) refuse('`top_k` must be unset when thinking is enabled.');
  if ((findNumber(body['top_p']) ?? 1) < 0.95) {
    refuse('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.');
  }
  const choice = findObject(body['tool_choice'])?.['type'];
  if (choice === 'any' || choice === 'tool') {
    refuse('Thinking may not be enabled when tool_choice forces tool use.');
  }
}

/** While tools are being answered, the turn that called them has to begin with its thinking. */
function checkOpenLoop(turns: readonly Turn[]): void {
  const last = turns.at(-1);
  const before = turns.at(-2);
  if (last?.blocks[0]?.type !== 'tool_result' || before === undefined) return;
  const first = before.blocks[0];
  if (first === undefined || first.type.endsWith('thinking')) return;
  refuse(
    `${first.path}.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.type}\`. When \`thinking\` is ` +
      'enabled, a final `assistant` message must start with a thinking block.',
  );
}
