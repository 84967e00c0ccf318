import type { ClientCall } from './client-call.ts';

/** A route of a dialect besides its main one, and the members that the operator's edits may touch there. */
export interface SideRoute {
  readonly suffix: string;
  readonly editable: readonly string[];
}

const COUNT_TOKENS: SideRoute = { suffix: '/count_tokens', editable: ['model', 'system', 'thinking'] };

/** The side route that was called; `undefined` for the main one. */
export const sideRouteOf = ({ path, codec }: ClientCall): SideRoute | undefined =>
  path === codec.path + COUNT_TOKENS.suffix ? COUNT_TOKENS : undefined;
