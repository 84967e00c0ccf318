import type { ProxyEntry } from '../kernel/settings.ts';
import { createDirectRoad, createProxyRoad } from './agents.ts';
import type { Road } from './agents.ts';

/** The roads that requests take in turn. */
export interface Roads {
  /** The roads to try for one request, best first: one step of the round-robin, then the others in order. */
  readonly next: () => readonly Road[];
  readonly close: () => void;
}

/** Round-robin over the proxies, one step a request, in their order; without proxies the direct road. */
export function createRoads(proxies: readonly ProxyEntry[]): Roads {
  const roads = proxies.length === 0 ? [createDirectRoad()] : proxies.map(createProxyRoad);
  let step = 0;
  return {
    next: () => {
      const first = step;
      step = (step + 1) % roads.length;
      return roads.length === 1 ? roads : [...roads.slice(first), ...roads.slice(0, first)];
    },
    close: () => {
      for (const road of roads) road.close();
    },
  };
}
