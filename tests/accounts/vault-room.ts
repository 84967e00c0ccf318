import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccountVault } from '../../src/accounts/account-vault.ts';
import type { AccountVault, AccountVaultDeps } from '../../src/accounts/account-vault.ts';
import type { TokenReading } from '../../src/credentials/token-file.ts';
import type { TokenPair } from '../../src/credentials/tokens.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';

/** When the tests take place, Unix milliseconds. */
export const NOW = 1_764_000_000_000;

/** A file with this text, and vaults over it. */
export async function makeVault(text?: string) {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  const data = join(room, 'data');
  if (text !== undefined) await writeFile(path, text);
  const clock = createFakeClock(NOW);
  const logger = createRecordingLogger();
  const open = (deps: Partial<AccountVaultDeps> = {}): AccountVault =>
    createAccountVault({ path, dataDirectory: data, clock, logger, ...deps });
  return { room, path, data, clock, logger, open };
}

/** New tokens, made a moment ago. */
export const pairOf = (name: string, more: Partial<TokenPair> = {}): TokenPair => ({
  accessToken: createSecret(`access-${name}`),
  refreshToken: createSecret(`refresh-${name}`),
  expiresAt: NOW + 5000,
  issuedAt: NOW - 5,
  ...more,
});

/** Saves a pair as a refresh does. */
export const write = (vault: AccountVault, id: string, pair: TokenPair): Promise<void> =>
  vault.store(id).exclusively((held) => held.write(pair));

/** The refresh token that was read, else the kind of the reading. */
export const refreshOf = (reading: TokenReading): string | undefined =>
  reading.kind === 'found' ? reading.tokens.refreshToken?.reveal() : reading.kind;

/** Two accounts. */
export const TWO =
  '{"accounts":[{"id":"a","refresh_token":"ra"},{"id":"b","refresh_token":"rb","organization_id":null}]}';
