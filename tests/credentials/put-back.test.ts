import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/kernel/secret.ts';
import { until } from '../support/until.ts';
import { login, makeRotation } from './make-rotation.ts';

type Made = ReturnType<typeof makeRotation>;

const HOUR = 3_600_000;
const refreshOnDisk = ({ disk }: Made): string | undefined => disk.tokens?.refreshToken?.reveal();

/** A rotation that has traded its first login for a pair. */
async function makeRotated() {
  const made = makeRotation(login('login'));
  await made.rotation.look();
  const tokens = await made.rotation.rotate(login('login'));
  made.logger.lines.splice(0);
  return { ...made, tokens };
}

describe('a spent token that someone puts back', () => {
  it('is not news, and gives way to the pair in use', async () => {
    const made = await makeRotated();
    const { rotation, disk, clock, tokens, logger } = made;
    disk.tokens = login('login');
    expect(await rotation.look()).toMatchObject({ isNew: false });
    clock.advance(0);
    await until(() => disk.tokens?.accessToken !== undefined);
    expect(disk.tokens).toMatchObject(tokens);
    expect(logger.lines).toMatchObject([
      {
        level: 'warn',
        fields: { credential: 'the login' },
        message: expect.stringContaining('saved again') as string,
      },
    ]);
    expect(JSON.stringify(logger.lines)).not.toContain('canary');
  });

  it('is complained of once for each time, however often the disk is read meanwhile', async () => {
    const { rotation, disk, logger } = await makeRotated();
    disk.tokens = login('login');
    await rotation.look();
    await rotation.look();
    expect(logger.lines).toHaveLength(1);
  });

  it('does not lead the next refresh astray', async () => {
    const made = await makeRotated();
    const { rotation, disk, workos, tokens, clock } = made;
    disk.tokens = login('login');
    clock.advance(HOUR);
    await rotation.rotate(tokens);
    expect(workos.asked).toEqual(['login', 'canary-refresh-1']);
    expect(refreshOnDisk(made)).toBe('canary-refresh-2');
    expect(clock.pending()).toBe(0);
  });

  it('does not stay on the disk when the next refresh fails', async () => {
    const made = await makeRotated();
    const { rotation, disk, workos, tokens } = made;
    disk.tokens = login('login');
    workos.next('unreachable', 'unreachable');
    await expect(rotation.rotate(tokens)).rejects.toMatchObject({ kind: 'unavailable' });
    await rotation.stop();
    expect(refreshOnDisk(made)).toBe('canary-refresh-1');
  });

  it('loses against tokens of another process as well', async () => {
    const made = makeRotation(login('login'));
    const { rotation, disk } = made;
    await rotation.look();
    const peer = { accessToken: createSecret("the peer's"), ...login('peer') };
    disk.tokens = peer;
    await rotation.look();
    disk.tokens = login('login');
    expect(await rotation.look()).toMatchObject({ isNew: false });
    await rotation.stop();
    expect(disk.tokens).toMatchObject(peer);
  });

  it('is known by the place where it was kept, from before this process began', async () => {
    const made = makeRotation({ accessToken: createSecret('a'), ...login('login') });
    const { rotation, disk } = made;
    disk.ancestor = createSecret('key');
    await rotation.look();
    disk.tokens = login('key');
    expect(await rotation.look()).toMatchObject({ isNew: false });
    await rotation.stop();
    expect(refreshOnDisk(made)).toBe('login');
  });

  it('gives way to a new login that comes before the pair is saved again', async () => {
    const made = await makeRotated();
    const { rotation, disk, clock } = made;
    disk.tokens = login('login');
    await rotation.look();
    disk.tokens = login('new login');
    clock.advance(0);
    await until(() => disk.reads === 5);
    expect(refreshOnDisk(made)).toBe('new login');
    expect(await rotation.look()).toMatchObject({ isNew: true });
  });

  it('is tried after all when what replaced it is refused', async () => {
    const { rotation, disk, workos } = makeRotation(login('login'));
    await rotation.look();
    const mistake = { accessToken: createSecret('mistake'), ...login('mistake') };
    disk.tokens = mistake;
    await rotation.look();
    await expect(rotation.rotate(mistake)).rejects.toMatchObject({ kind: 'upstream-auth' });
    disk.tokens = login('login');
    expect(await rotation.look()).toMatchObject({ isNew: true });
    expect((await rotation.rotate(login('login'))).accessToken?.reveal()).toBe(workos.made[0]);
  });
});

describe('a process that stood still during its refresh and lost its lock', () => {
  const peer = { accessToken: createSecret("the peer's"), ...login('peer') };

  it("does not write over the peer's newer pair, and takes it", async () => {
    const { rotation, disk, clock, notes } = makeRotation(login('login'));
    await rotation.look();
    disk.beforeGrant = () => (disk.tokens = { ...peer, expiresAt: clock.now() + HOUR });
    expect((await rotation.rotate(login('login'))).accessToken?.reveal()).toBe("the peer's");
    expect(disk.tokens).toMatchObject(peer);
    expect([notes, clock.pending()]).toEqual([[], 0]);
  });

  it('goes on from a new login that was put on the disk meanwhile', async () => {
    const made = makeRotation(login('login'));
    const { rotation, disk, workos } = made;
    await rotation.look();
    disk.beforeGrant = () => {
      if (workos.asked.length === 0) disk.tokens = login('new login');
    };
    expect((await rotation.rotate(login('login'))).accessToken?.reveal()).toBe(workos.made[1]);
    expect(workos.asked).toEqual(['login', 'new login']);
    expect(refreshOnDisk(made)).toBe('canary-refresh-2');
  });

  it('never writes its own pair later over a new login that cannot be refreshed now', async () => {
    const made = makeRotation(login('login'));
    const { rotation, disk, workos } = made;
    await rotation.look();
    disk.beforeGrant = () => {
      if (workos.asked.length === 0) disk.tokens = login('new login');
      else workos.next('unreachable', 'unreachable');
    };
    await expect(rotation.rotate(login('login'))).rejects.toMatchObject({ kind: 'unavailable' });
    await rotation.stop();
    expect(refreshOnDisk(made)).toBe('new login');
  });
});

describe('a refresh that was asked for with tokens of yesterday', () => {
  it('starts from the newest that are known', async () => {
    const { rotation, disk, workos } = makeRotation(login('login'));
    await rotation.look();
    disk.tokens = login('new login');
    await rotation.look();
    await rotation.rotate(login('login'));
    expect(workos.asked).toEqual(['new login']);
  });
});

describe('the note of a refresh', () => {
  it('is there while WorkOS is asked, and until the pair is saved', async () => {
    const { rotation, disk, notes, clock } = makeRotation(login('login'));
    await rotation.look();
    disk.isFull = true;
    disk.beforeGrant = () => expect(notes).toEqual(['login']);
    await rotation.rotate(login('login'));
    expect(notes).toEqual(['login']);
    disk.isFull = false;
    clock.advance(5_000);
    await until(() => notes.length === 0);
    expect(disk.tokens?.accessToken).toBeDefined();
  });

  it.each([
    ['stays when nobody knows what became of the token', 'login', ['login']],
    ['goes when the token is refused', 'spent', []],
  ])('%s', async (_what, name, left) => {
    const { rotation, workos, notes } = makeRotation(login(name));
    await rotation.look();
    workos.next(...(name === 'login' ? (['lost', 'lost'] as const) : []));
    await expect(rotation.rotate(login(name))).rejects.toThrow(/WorkOS/);
    expect(notes).toEqual(left);
  });
});
