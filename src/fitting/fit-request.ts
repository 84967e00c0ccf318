import type { Capabilities } from '../kernel/capabilities.ts';
import type { StopRule } from '../kernel/codec.ts';
import type { ChatRequest } from '../kernel/conversation.ts';
import type { Losses } from '../kernel/losses.ts';
import type { ToolRules } from '../kernel/tool-rules.ts';
import { fitStops } from './fit-stops.ts';
import { fitTools } from './fit-tools.ts';
import type { FittedTools } from './fit-tools.ts';
import { keepOwnState } from './own-state.ts';
import { pairResults } from './pair-results.ts';
import { recallState } from './recall-state.ts';
import type { Recall } from './recall-state.ts';

export interface FitContext {
  /** Who makes the dialect's opaque state, unless the model's record names another. */
  readonly issuer: string;
  readonly toolRules: ToolRules;
  readonly stopRule: StopRule;
  readonly capabilities: Capabilities;
  readonly losses: Losses;
  /** State of earlier calls, for clients that cannot carry it. */
  readonly recall: Recall;
}

export interface Fitted extends FittedTools {
  /** Stop sequences that the upstream is not told: the gateway ends the answer at them. */
  readonly untoldStops: readonly string[];
}

/**
 * Brings a request into the form that one wire format can say, so that its encoder need not know any other:
 *
 * - opaque state is left only where this very issuer and model family made it;
 * - assistant turns do not follow each other, and one with calls is followed by one tool turn that answers every call
 *   once, in order; no result stands anywhere else;
 * - tool names and call ids are legal, unique and without namespaces; what the dialect has no form for is a function;
 * - only stop sequences are left that the dialect takes;
 * - nothing of another service's own tools is left, and a tool that is demanded is there.
 *
 * @throws GatewayError `invalid-request` naming the client's field.
 */
export function fitRequest(request: ChatRequest, context: FitContext): Fitted {
  const recalled = recallState(request.turns, context);
  const own = keepOwnState(recalled, request.names, context);
  const paired = pairResults(own, context.losses);
  const { request: told, untold } = fitStops({ ...request, turns: paired }, context);
  return { ...fitTools(told, context), untoldStops: untold };
}
