import { chmod, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { AccountVault } from '../../src/accounts/account-vault.ts';
import { hashText, journalPath, writeEntry } from '../../src/disk/journal.ts';
import { until, withTime } from '../support/until.ts';
import { NOW, TWO, makeVault } from './vault-room.ts';

describe('the vault', () => {
  it('reads what is there', async () => {
    expect(await (await makeVault()).open().read()).toEqual({ kind: 'absent' });
    expect(await (await makeVault('\n')).open().read()).toEqual({ kind: 'absent' });
    const reading = await (await makeVault(TWO)).open().read();
    expect(reading).toMatchObject({ kind: 'found', accounts: [{ id: 'a' }, { id: 'b' }] });
  });

  it('names the file in what is wrong with it', async () => {
    const { open, path } = await makeVault('{"accounts":');
    expect(await open().read()).toEqual({
      kind: 'malformed',
      reason: `${path} is not JSON (line 1, column 13)`,
    });
  });

  it('reports a file that cannot be read', async () => {
    const { open, path } = await makeVault();
    await mkdir(path);
    expect(await open().read()).toEqual({ kind: 'malformed', reason: `${path} cannot be read (EISDIR)` });
  });

  it('waits for a process that is writing the file in place, wherever its journal is', async () => {
    const { open, path, clock } = await makeVault('');
    await mkdir(`${path}.lock`);
    const reading = open().read();
    await until(() => clock.pending() > 0); // it has met the lock
    await writeFile(path, TWO);
    await utimes(`${path}.lock`, 0, 0);
    expect(await withTime(clock, reading)).toMatchObject({ kind: 'found' });
  });

  it('does not take a file with comments for half of a text that a crash has left', async () => {
    const { open, path, data } = await makeVault(TWO);
    await writeEntry(journalPath(data, path), { text: '{"accounts":[]}', base: hashText('other') });
    const edited = '// mine\n[{"refresh_token":"r"},]';
    await writeFile(path, edited);
    await open().change(() => []);
    expect(await readFile(path, 'utf8')).toBe(edited);
  });
});

describe('a change of the vault', () => {
  it('makes the file, for its owner alone, and leaves nothing beside it', async () => {
    const { open, path, room } = await makeVault();
    const after = await open().change(() => [{ kind: 'add', entry: { refresh_token: 'r' } }]);
    expect(after).toMatchObject({ kind: 'found', accounts: [{ enabled: true }] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(room)).toEqual(['accounts.json', 'data']);
  });

  it('writes nothing where there is nothing to change', async () => {
    const { open, path } = await makeVault(TWO);
    await chmod(path, 0o644);
    const vault = open();
    await vault.change(() => []);
    await vault.change(() => [{ kind: 'set', id: 'a', fields: { refresh_token: 'ra' } }]);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
  });

  it('decides on what the file says once it has the lock', async () => {
    const { open } = await makeVault(TWO);
    const one = open();
    const other = open();
    const seen: number[] = [];
    const addOne = (vault: AccountVault, id: string) =>
      vault.change((reading) => {
        seen.push(reading.kind === 'found' ? reading.accounts.length : 0);
        return [{ kind: 'add', entry: { id, refresh_token: id } }];
      });
    await Promise.all([addOne(one, 'c'), addOne(one, 'd')]);
    await addOne(other, 'e');
    expect(seen).toEqual([2, 3, 4]);
  });

  it('leaves a file alone that somebody is editing', async () => {
    const { open, path } = await makeVault('{"accounts":[');
    const change = open().change(() => [{ kind: 'add', entry: { refresh_token: 'r' } }]);
    await expect(change).rejects.toThrow(`${path} is not JSON (line 1, column 14); it is left as it is`);
    expect(await readFile(path, 'utf8')).toBe('{"accounts":[');
  });

  it('that removes an account clears away the dead locks of accounts that are no more', async () => {
    const { open, path, room } = await makeVault(TWO);
    const old = new Date(NOW - 120_000);
    const locks = ['a', 'b', 'long-gone'].map((id) => `${path}.${id}.lock`);
    await Promise.all([...locks, `${path}.live.lock`].map((lock) => mkdir(lock)));
    await Promise.all(locks.map((lock) => utimes(lock, old, old)));
    await utimes(`${path}.live.lock`, new Date(NOW), new Date(NOW));
    await open().change(() => [{ kind: 'remove', id: 'a' }]);
    expect((await readdir(room)).sort()).toEqual([
      'accounts.json',
      'accounts.json.b.lock',
      'accounts.json.live.lock',
      'data',
    ]);
  });
});
