import type { Outcome } from '../credentials/credential.ts';
import type { AccountState } from './account-state.ts';
import { FULL_HEALTH } from './health.ts';
import { singleLine } from './single-line.ts';

/** An account of which nothing is known yet. */
export const newState = (now: number): AccountState => ({
  health: FULL_HEALTH,
  healthAt: now,
  parkings: [],
  requests: 0,
  failures: {},
  tokens: { input: 0, output: 0, cached: 0 },
});

/** The same with one more request counted, if there was one. */
export function countOutcome(state: AccountState, outcome: Outcome, now: number): AccountState {
  if (outcome.kind === 'unused') return state;
  const { usage } = outcome;
  return {
    ...state,
    requests: state.requests + 1,
    lastUsedAt: now,
    ...(usage !== undefined && {
      tokens: {
        input: state.tokens.input + usage.inputTokens,
        output: state.tokens.output + usage.outputTokens,
        cached: state.tokens.cached + usage.cacheReadTokens,
      },
    }),
    ...(outcome.kind === 'failed' && failureOf(state, outcome.error, now)),
  };
}

const failureOf = (
  { failures }: AccountState,
  { kind, message }: { readonly kind: string; readonly message: string },
  now: number,
): Pick<AccountState, 'failures' | 'lastError'> => ({
  failures: { ...failures, [kind]: (failures[kind] ?? 0) + 1 },
  lastError: { at: now, kind, message: singleLine(message) },
});
