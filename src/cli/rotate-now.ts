import type { AccountVault } from '../accounts/account-vault.ts';
import type { RefreshIntent } from '../credentials/refresh-intent.ts';
import { createRotation } from '../credentials/rotate-tokens.ts';
import { areSameTokens, isSameSecret } from '../credentials/tokens.ts';
import type { Tokens } from '../credentials/tokens.ts';
import { refreshTokens } from '../credentials/workos.ts';
import type { WorkosDeps } from '../credentials/workos.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Logger } from '../kernel/ports.ts';

export interface RotateNowDeps {
  readonly vault: AccountVault;
  readonly workos: WorkosDeps;
  readonly logger: Logger;
  /** Notes that the refresh of this account is under way, for whoever comes after a crash. */
  readonly intentOf?: (id: string) => RefreshIntent;
}

export interface RotateNow {
  readonly id: string;
  readonly label: string;
  readonly held: Tokens;
  /** Moves the login there. */
  readonly organizationId?: string;
}

/**
 * Refreshes one account under its lock, which a running server respects, or takes up what another process has just
 * fetched for it.
 *
 * @throws GatewayError when WorkOS gives nothing, or the new tokens cannot be saved.
 */
export async function rotateNow(
  { id, label, held, organizationId }: RotateNow,
  { vault, workos, logger, intentOf }: RotateNowDeps,
): Promise<{ readonly tokens: Tokens; readonly isAdopted: boolean }> {
  let isAdopted = true;
  const store = vault.store(id);
  const rotation = createRotation({
    label: () => label,
    store,
    grant: (refreshToken) => {
      isAdopted = false;
      return refreshTokens(refreshToken, workos, organizationId);
    },
    intent: intentOf?.(id),
    clock: workos.clock,
    logger,
  });
  let tokens: Tokens;
  try {
    tokens = await rotation.rotate(held);
  } finally {
    await rotation.stop();
  }
  const saved = await store.read();
  const isSaved = saved.kind === 'found' && !isSameSecret(saved.tokens.refreshToken, held.refreshToken);
  if (!isSaved && !areSameTokens(held, tokens)) {
    throw new GatewayError('unavailable', `the new tokens of ${label} are not in ${vault.path}`);
  }
  return { tokens, isAdopted };
}
