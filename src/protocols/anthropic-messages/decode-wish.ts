import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  optionalCount,
  optionalObject,
  optionalString,
  present,
  requireString,
} from '../../kernel/read-fields.ts';
import { NO_WISH } from '../../kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../kernel/reasoning.ts';

/**
 * What the client asks of reasoning by `thinking`; an effort says more than a budget, and asks for reasoning even alone.
 *
 * @param effort - the client's `output_config.effort`.
 * @throws GatewayError `invalid-request` naming the member.
 */
export function decodeWish(body: JsonObject, effort: Effort | undefined, losses: Losses): ReasoningWish {
  const thinking = optionalObject(body, 'thinking', '');
  if (thinking === undefined) return effortAlone(effort);
  const type = requireString(thinking, 'type', 'thinking');
  const show = optionalString(thinking, 'display', 'thinking') !== 'omitted';
  const budget = optionalCount(thinking, 'budget_tokens', 'thinking');
  switch (type) {
    case 'enabled':
    case 'adaptive':
      return {
        mode: 'on',
        show,
        from: 'client',
        ...(effort === undefined ? present({ budget }) : { effort }),
      };
    case 'between_tools': // no other service thinks there alone
      losses.note('thinking', 'simplified');
      return { mode: 'on', show, from: 'client', effort: effort ?? 'low' };
    case 'disabled':
      if (effort !== undefined) losses.note('output_config.effort', 'dropped');
      return { mode: 'off', from: 'client' };
    default: // a form of next year
      losses.note('thinking', 'ignored');
      return effortAlone(effort);
  }
}

/** A client that does not ask for thinking does not expect to read any. */
const effortAlone = (effort: Effort | undefined): ReasoningWish =>
  effort === undefined ? NO_WISH : { mode: 'on', effort, show: false, from: 'client' };
