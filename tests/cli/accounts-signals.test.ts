import { describe, expect, it } from 'vitest';
import { createGate } from '../support/gate.ts';
import { makeGatewayRoom } from './gateway-room.ts';
import { runInPipes } from './run-command.ts';

describe('accounts refresh, when a signal wants to end it', { timeout: 60_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'saves the tokens that its refresh token has been spent for: %s',
    async (signal) => {
      const place = await makeGatewayRoom();
      await place.writeAccounts([{ id: 'acc_0', refresh_token: 'spent-by-now' }]);
      const gate = createGate();
      place.sandbox.script({
        path: '/user_management/authenticate',
        handler: async (_, response) => {
          await gate.pass();
          response.end(JSON.stringify({ access_token: 'new-access', refresh_token: 'new-refresh' }));
        },
      });
      const run = runInPipes('src/accounts-command.ts', ['refresh', 'acc_0'], place);
      await place.sandbox.waitFor(() => place.sandbox.requests.length > 0);
      run.signal(signal);
      await run.shows(/One moment, new tokens are on their way/);
      gate.open();
      expect(await run.exit).toBe(0);
      expect(await place.accounts()).toMatchObject([{ refresh_token: 'new-refresh' }]);
    },
  );

  it('ends at once at the second one', async () => {
    const place = await makeGatewayRoom();
    await place.writeAccounts([{ id: 'acc_0', refresh_token: 'spent-by-now' }]);
    place.sandbox.script({ failure: 'silent' });
    const run = runInPipes('src/accounts-command.ts', ['refresh', 'acc_0'], place);
    await place.sandbox.waitFor(() => place.sandbox.requests.length > 0);
    run.signal('SIGINT');
    await run.shows(/once more to end at once/);
    run.signal('SIGINT');
    expect(await run.exit).toBe(130);
  });
});
