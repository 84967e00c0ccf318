import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { EFFORTS, NO_WISH } from '../../kernel/reasoning.ts';
import type { ReasoningWish } from '../../kernel/reasoning.ts';
import {
  optionalCount,
  optionalFlag,
  optionalObject,
  optionalString,
  optionalWord,
  present,
} from '../../kernel/read-fields.ts';

const OFF: ReasoningWish = { mode: 'off', from: 'client' };
const ON: ReasoningWish = { mode: 'on', show: true, from: 'client' };

/**
 * What the client asks of reasoning: `reasoning_effort`, OpenRouter's `reasoning`, or the switches of vendors,
 * `thinking` and `enable_thinking`.
 *
 * @throws GatewayError `invalid-request` naming the member.
 */
export function decodeWish(body: JsonObject, losses: Losses): ReasoningWish {
  const effort = optionalWord(body, 'reasoning_effort', '', EFFORTS);
  if (effort !== undefined) return effort === 'none' ? OFF : { ...ON, effort };
  return decodeSettings(body, losses) ?? decodeThinking(body, losses) ?? decodeSwitch(body) ?? NO_WISH;
}

function decodeSettings(body: JsonObject, losses: Losses): ReasoningWish | undefined {
  const settings = optionalObject(body, 'reasoning', '');
  if (settings === undefined) return undefined;
  const effort = optionalWord(settings, 'effort', 'reasoning', EFFORTS);
  const budget = optionalCount(settings, 'max_tokens', 'reasoning');
  const enabled = optionalFlag(settings, 'enabled', 'reasoning');
  const hidden = optionalFlag(settings, 'exclude', 'reasoning') === true;
  if (effort === 'none' || enabled === false) return OFF;
  if (effort !== undefined) return { ...ON, show: !hidden, effort };
  if (budget !== undefined) return { ...ON, show: !hidden, budget };
  if (enabled === true) return { ...ON, show: !hidden };
  losses.note('reasoning', 'ignored');
  return undefined;
}

function decodeThinking(body: JsonObject, losses: Losses): ReasoningWish | undefined {
  const thinking = optionalObject(body, 'thinking', '');
  if (thinking === undefined) return undefined;
  const type = optionalString(thinking, 'type', 'thinking');
  if (type === 'disabled') return OFF;
  if (type === 'enabled' || type === 'adaptive') {
    return { ...ON, ...present({ budget: optionalCount(thinking, 'budget_tokens', 'thinking') }) };
  }
  losses.note('thinking', 'ignored');
  return undefined;
}

function decodeSwitch(body: JsonObject): ReasoningWish | undefined {
  const enabled = optionalFlag(body, 'enable_thinking', '');
  if (enabled === undefined) return undefined;
  return enabled ? { ...ON, ...present({ budget: optionalCount(body, 'thinking_budget', '') }) } : OFF;
}
