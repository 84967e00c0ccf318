import type { Capabilities } from '../kernel/capabilities.ts';
import type { StopRule } from '../kernel/codec.ts';
import type { ChatRequest } from '../kernel/conversation.ts';
import type { Losses } from '../kernel/losses.ts';
import { without } from '../kernel/without.ts';

export interface FitStopsContext {
  readonly stopRule: StopRule;
  readonly capabilities: Capabilities;
  readonly losses: Losses;
}

/** A request with the stop sequences that its upstream can be told, and those that are left to the gateway. */
export interface FittedStops {
  readonly request: ChatRequest;
  readonly untold: readonly string[];
}

/** Nothing is lost: what the upstream does not watch for ends the answer on its way to the client. */
export function fitStops(
  request: ChatRequest,
  { stopRule, capabilities, losses }: FitStopsContext,
): FittedStops {
  const { stop = [], names } = request;
  const legal = stop.filter((sequence) => stopRule.blank || sequence.trim() !== '');
  const told = capabilities.stop === false ? [] : legal.slice(0, stopRule.max);
  const untold = stop.filter((sequence) => !told.includes(sequence));
  if (untold.length > 0) losses.note(names.stop, 'emulated');
  const rest = without(request, 'stop');
  return { request: told.length === 0 ? rest : { ...rest, stop: told }, untold };
}
