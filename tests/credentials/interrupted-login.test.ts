import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRefreshIntents } from '../../src/credentials/refresh-intent.ts';
import { createRefreshTokenSource } from '../../src/credentials/refresh-token.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { until } from '../support/until.ts';
import { createFakeWorkos } from './fake-workos.ts';

/** A login that stands behind others, so that it is only loaded; `isNoted`: a refresh of it was under way. */
async function loadOnly(isNoted: boolean) {
  const room = await makeRoom();
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const workos = createFakeWorkos({ clock, logins: ['canary-file'] });
  const authFile = join(room, 'auth.json');
  await writeFile(authFile, '{"refresh_token":"canary-file"}');
  const intents = createRefreshIntents({ directory: join(room, 'data', 'refreshing'), logger });
  if (isNoted) await intents.of('FACTORY_AUTH_FILE').begin(createSecret('canary-file'));
  const source = createRefreshTokenSource({
    refreshKey: undefined,
    authFile,
    dataDirectory: join(room, 'data'),
    intervalMs: 3_600_000,
    oauth: { baseUrl: 'https://workos.test', clientId: 'client_1' },
    post: workos.post,
    clock,
    logger,
  });
  onTestFinished(() => source.stop());
  await source.load();
  return { workos, stored: () => readFile(authFile, 'utf8') };
}

describe('a login that nobody needs yet', () => {
  it('is refreshed at once when a crash interrupted its last refresh, or the new pair would be lost', async () => {
    const { workos, stored } = await loadOnly(true);
    await until(() => workos.asked.length > 0);
    expect(workos.asked).toEqual(['canary-file']);
    expect(await stored()).toContain('refresh_token');
  });

  it('is left alone otherwise', async () => {
    const { workos } = await loadOnly(false);
    expect(workos.asked).toEqual([]);
  });
});
