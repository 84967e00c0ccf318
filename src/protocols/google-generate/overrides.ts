import type { OverrideResult, Overrides } from '../../kernel/codec.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findNumber, findObject, isJsonArray } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { encodeThinking, isOff, thinkingTokens } from './thinking.ts';

/** What every thinking model of this dialect may write (Gemini 2.5 and 3.x, November 2026). */
const USUAL_MAX_OUTPUT = 65_536;

const SYSTEM = 'systemInstruction';
const CONFIG = 'generationConfig';

/** The model id, the operator's system text and the reasoning, as edits to a `generateContent` body. */
export function overrides(view: WireView, wanted: Overrides, losses: Losses): OverrideResult {
  return {
    edits: [
      { kind: 'set', key: 'model', value: wanted.model },
      ...prefixSystem(view, wanted.systemPrompt),
      ...setThinking(view, wanted, losses),
    ],
  };
}

function prefixSystem(view: WireView, text: string): readonly Edit[] {
  if (text === '') return [];
  const old = readObject(view, SYSTEM);
  const parts = old?.['parts'] ?? [];
  return old === undefined || !isJsonArray(parts)
    ? []
    : [{ kind: 'set', key: SYSTEM, value: { ...old, parts: [{ text }, ...parts] } }];
}

function setThinking(
  view: WireView,
  { reasoning, capabilities }: Overrides,
  losses: Losses,
): readonly Edit[] {
  const config = reasoning.mode === 'unset' ? undefined : readObject(view, CONFIG);
  if (config === undefined) return [];
  const { thinkingConfig: old, ...rest } = config;
  const thinkingConfig = encodeThinking(reasoning, capabilities);
  if (thinkingConfig === undefined) {
    if (capabilities.reasoning === false && !isOff(reasoning))
      losses.note('generationConfig.thinkingConfig', 'dropped');
    return old === undefined ? [] : [{ kind: 'set', key: CONFIG, value: rest }];
  }
  const injected = reasoning.from === 'level' && !isOff(reasoning);
  const raised = injected ? raiseLimit(rest, reasoning, capabilities) : {};
  if (raised['maxOutputTokens'] !== undefined) losses.note('generationConfig.maxOutputTokens', 'raised');
  return [{ kind: 'set', key: CONFIG, value: { ...rest, ...raised, thinkingConfig } }];
}

/** The members that stand under `key`, perhaps none; `undefined` when something else than an object is there. */
function readObject(view: WireView, key: string): JsonObject | undefined {
  const type = view.typeOf(key);
  return type === undefined || type === 'null' ? {} : findObject(view.read(key));
}

/** Thoughts count as output: under the client's own limit they would eat the answer. */
function raiseLimit(
  config: JsonObject,
  reasoning: Overrides['reasoning'],
  capabilities: Overrides['capabilities'],
): JsonObject {
  const limit = findNumber(config['maxOutputTokens']);
  if (limit === undefined) return {};
  const ceiling = capabilities.maxOutput ?? USUAL_MAX_OUTPUT;
  const raised = Math.min(limit + thinkingTokens(reasoning, capabilities), ceiling);
  return raised > limit ? { maxOutputTokens: raised } : {};
}
