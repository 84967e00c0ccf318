import type { OverrideResult, Overrides } from '../../../src/kernel/codec.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH, wishOfLevel } from '../../../src/kernel/reasoning.ts';
import type { ReasoningLevel, ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';

export const INTERLEAVED = 'interleaved-thinking-2025-05-14';

interface Overridden extends Pick<OverrideResult, 'addBetas' | 'removeBetas'> {
  readonly body: JsonObject;
  readonly notes: string;
}

/** A body after the operator's edits; by default they only name the model. */
export function override(body: JsonObject, wishes: Partial<Overrides>): Overridden {
  const losses = createLossLog();
  const all: Overrides = {
    model: 'm',
    systemPrompt: '',
    reasoning: NO_WISH,
    fast: false,
    capabilities: {},
    ...wishes,
  };
  const { edits, ...betas } = anthropicMessages.upstream.overrides(viewOfObject(body), all, losses);
  return { ...betas, body: applyEdits(body, edits), notes: losses.summary() };
}

export const levelWish = (level: ReasoningLevel): ReasoningWish => wishOfLevel(level) ?? NO_WISH;

export const USER: JsonObject = { role: 'user', content: 'hi' };

/** A body with room for every budget, after a level was set for its model. */
export const atLevel = (
  level: ReasoningLevel,
  fields: JsonObject = {},
  capabilities: Overrides['capabilities'] = {},
): Overridden =>
  override(
    { model: 'm', max_tokens: 64_000, messages: [USER], ...fields },
    { reasoning: levelWish(level), capabilities },
  );
