import { writeFileSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../src/disk/journal.ts';
import { createGate } from '../support/gate.ts';
import { until, withTime } from '../support/until.ts';
import { NOW, TWO, makeVault, pairOf, refreshOf, write } from './vault-room.ts';

describe('the store of an account', () => {
  it('reads its tokens, or that it is not there, or that nobody knows', async () => {
    const { open, path } = await makeVault(TWO);
    const vault = open();
    expect(refreshOf(await vault.store('b').read())).toBe('rb');
    expect(await vault.store('c').read()).toEqual({ kind: 'absent' });
    await writeFile(path, '5');
    expect(await vault.store('b').read()).toMatchObject({ kind: 'malformed' });
  });

  it('writes a pair with its dates, and the names that are missing', async () => {
    const { open, path } = await makeVault(TWO);
    const pair = pairOf('new', { email: 'me@example.com', organizationId: 'org_1' });
    await write(open(), 'b', pair);
    expect(await readFile(path, 'utf8')).toBe(
      '{"accounts":[{"id":"a","refresh_token":"ra"},{"id":"b","refresh_token":"refresh-new","organization_id":"org_1",' +
        `"access_token":"access-new","expires_at":${NOW + 5000},"last_refresh":${NOW - 5},"email":"me@example.com"}]}`,
    );
  });

  it('leaves names that are there, and dates a pair itself that has no date', async () => {
    const names = { email: 'mine@example.com', organization_id: 'org_9' };
    const { open, path } = await makeVault(JSON.stringify([{ id: 'a', refresh_token: 'r', ...names }]));
    const { accessToken, refreshToken, expiresAt } = pairOf('new');
    const foreign = { email: 'me@example.com', organizationId: 'org_1' };
    await write(open(), 'a', { accessToken, refreshToken, expiresAt, ...foreign });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject([{ ...names, last_refresh: NOW }]);
  });

  it('finds its entry again after the others have changed places', async () => {
    const { open, path } = await makeVault('[{"refresh_token":"r1"},{"refresh_token":"r2"}]');
    const vault = open();
    const id = `acc_${hashText('r2').slice(0, 16)}`;
    await vault.store(id).exclusively(async (held) => {
      await held.read();
      await writeFile(path, '[{"refresh_token":"r2"},{"refresh_token":"r3"},{"refresh_token":"r1"}]');
      await held.write(pairOf('new'));
    });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject([
      { id, refresh_token: 'refresh-new' },
      { refresh_token: 'r3' },
      { refresh_token: 'r1' },
    ]);
    expect(refreshOf(await vault.store(id).read())).toBe('refresh-new');
  });

  it('does not bring back an account that its owner has removed', async () => {
    const { open, path, logger } = await makeVault(TWO);
    const vault = open();
    await vault.store('a').exclusively(async (held) => {
      await vault.change(() => [{ kind: 'remove', id: 'a' }]);
      await held.write(pairOf('new'));
    });
    expect(await readFile(path, 'utf8')).not.toContain('refresh-new');
    expect(logger.lines).toMatchObject([{ level: 'debug', fields: { account: 'a' } }]);
  });

  it('does not write over a login that its owner has made meanwhile', async () => {
    const { open, logger } = await makeVault(TWO);
    const vault = open();
    const store = vault.store('a');
    await store.exclusively(async (held) => {
      await held.read();
      const fields = { refresh_token: 'anew', last_refresh: NOW };
      await vault.change(() => [{ kind: 'set', id: 'a', fields }]);
      await held.write(pairOf('late'));
    });
    expect(refreshOf(await store.read())).toBe('anew');
    expect(logger.lines).toMatchObject([{ level: 'info', fields: { account: 'a' } }]);
  });

  it('writes over older tokens that somebody has put back', async () => {
    const { open } = await makeVault('[{"id":"a","refresh_token":"r","last_refresh":1763000000000}]');
    const vault = open();
    await vault.store('a').exclusively(async (held) => {
      await held.read();
      const fields = { refresh_token: 'older', last_refresh: 1_762_000_000_000 };
      await vault.change(() => [{ kind: 'set', id: 'a', fields }]);
      await held.write(pairOf('new'));
    });
    expect(refreshOf(await vault.store('a').read())).toBe('refresh-new');
  });

  it.each([
    ['', 'is empty'],
    ['{"accounts":[', 'is not JSON'],
  ])('says that the file, which holds %j now, takes no tokens', async (text, fault) => {
    const { open, path } = await makeVault(TWO);
    const vault = open();
    const fate = vault.store('a').exclusively(async (held) => {
      await held.read();
      await writeFile(path, text);
      await held.write(pairOf('new'));
    });
    await expect(fate).rejects.toThrow(`${path} ${fault}`);
    expect(await vault.read()).toMatchObject({ kind: 'malformed' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it.each(['save', 'change'])(
    'leaves what an editor saves in the middle of a %s in the file',
    async (what) => {
      const { open, path } = await makeVault(TWO);
      const edited = TWO.replace(']', ',{"id":"c","refresh_token":"pasted"}]');
      const steps: string[] = [];
      const vault = open({
        step: async (step) => {
          if (step === 'temporary' && !steps.includes(step)) await writeFile(path, edited);
          steps.push(step);
        },
      });
      await (what === 'save'
        ? write(vault, 'a', pairOf('new'))
        : vault.change(() => [{ kind: 'set', id: 'a', fields: { refresh_token: 'refresh-new' } }]));
      expect(refreshOf(await vault.store('a').read())).toBe('refresh-new');
      expect(refreshOf(await vault.store('c').read())).toBe('pasted');
    },
  );

  it('leaves what an editor saves between the reading of the file and its change in the file', async () => {
    const { open, path } = await makeVault(TWO);
    const edited = TWO.replace(']', ',{"id":"c","refresh_token":"pasted"}]');
    const vault = open();
    await vault.change(() => {
      writeFileSync(path, edited);
      return [{ kind: 'set', id: 'a', fields: { refresh_token: 'refresh-new' } }];
    });
    expect(refreshOf(await vault.store('a').read())).toBe('refresh-new');
    expect(refreshOf(await vault.store('c').read())).toBe('pasted');
  });

  it('says so when the file is away, perhaps for the moment in which an editor replaces it', async () => {
    const { open, path } = await makeVault(TWO);
    const fate = open()
      .store('a')
      .exclusively(async (held) => {
        await held.read();
        await rm(path);
        await held.write(pairOf('new'));
      });
    await expect(fate).rejects.toThrow(`${path} is gone`);
  });

  it.each([
    ['a plain id', 'a'],
    ['an id that leads elsewhere', '../a'],
    ['an id that is too long for a file', 'x'.repeat(300)],
    ['an id of other letters', 'ä/ö'],
  ])('keeps its lock beside the file with %s, and gives it back', async (_what, id) => {
    const { open, room } = await makeVault(JSON.stringify([{ id, refresh_token: 'r' }]));
    const held = await open()
      .store(id)
      .exclusively(() => readdir(room));
    expect(held.filter((name) => name.endsWith('.lock'))).toHaveLength(1);
    expect(await readdir(room)).toEqual(['accounts.json']);
  });
});

describe('the refreshes of many accounts', () => {
  it('are apart from one another: a slow one holds up neither others nor a change', async () => {
    const { open } = await makeVault(TWO);
    const vault = open();
    const gate = createGate();
    const slow = vault.store('a').exclusively(async (held) => {
      await gate.pass();
      await held.write(pairOf('slow'));
    });
    await gate.reached;
    await write(vault, 'b', pairOf('quick'));
    await vault.change(() => [{ kind: 'set', id: 'a', fields: { enabled: false } }]);
    expect(refreshOf(await vault.store('b').read())).toBe('refresh-quick');
    gate.open();
    await slow;
    expect(await vault.read()).toMatchObject({ accounts: [{ enabled: false }, {}] });
    expect(refreshOf(await vault.store('a').read())).toBe('refresh-slow');
  });

  it('of one account come one after the other, in two processes as well', async () => {
    const { open, clock } = await makeVault(TWO);
    const gate = createGate();
    const events: string[] = [];
    const first = open()
      .store('a')
      .exclusively(async () => {
        await gate.pass();
        events.push('first ends');
      });
    await gate.reached;
    const second = open()
      .store('a')
      .exclusively(() => Promise.resolve(events.push('second begins')));
    await until(() => clock.pending() > 0); // it waits for its next look at the lock
    gate.open();
    await withTime(clock, Promise.all([first, second]));
    expect(events).toEqual(['first ends', 'second begins']);
  });

  it('that end together share few writes', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `id-${index}`);
    const { open } = await makeVault(JSON.stringify(ids.map((id) => ({ id, refresh_token: id }))));
    let writes = 0;
    const vault = open({ step: (step) => void (writes += Number(step === 'started')) });
    const gate = createGate();
    let arrived = 0;
    const all = ids.map((id) =>
      vault.store(id).exclusively(async (held) => {
        arrived += 1;
        await gate.pass();
        await held.write(pairOf(id));
      }),
    );
    await until(() => arrived === ids.length);
    gate.open();
    await Promise.all(all);
    const readings = await Promise.all(ids.map((id) => vault.store(id).read()));
    expect(readings.map(refreshOf)).toEqual(ids.map((id) => `refresh-${id}`));
    expect(writes).toBeLessThanOrEqual(2);
  });
});
