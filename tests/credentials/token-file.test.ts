import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDurableFile } from '../../src/disk/durable-file.ts';
import type { DurableFile } from '../../src/disk/durable-file.ts';
import { createOriginStore } from '../../src/credentials/origin-store.ts';
import { createTokenFile } from '../../src/credentials/token-file.ts';
import type { TokenReading, TokenStore } from '../../src/credentials/token-file.ts';
import type { TokenPair } from '../../src/credentials/tokens.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeJwt } from './fake-workos.ts';
import { makeRoom } from '../support/temporary-room.ts';

const pair: TokenPair = {
  accessToken: createSecret('access-2'),
  refreshToken: createSecret('refresh-2'),
  expiresAt: 1_700_000_000_000,
};
const save = (store: TokenStore): Promise<void> => store.exclusively((held) => held.write(pair));

async function makeFile(text?: string): Promise<{ path: string; file: DurableFile }> {
  const room = await makeRoom();
  const path = join(room, 'auth.json');
  if (text !== undefined) await writeFile(path, text);
  const file = createDurableFile({
    path,
    journalDirectory: room,
    withLock: (_target, action) => action(),
    logger: createRecordingLogger(),
  });
  return { path, file };
}

/** A reading with its secrets laid open. */
function reveal(reading: TokenReading): object {
  if (reading.kind !== 'found') return reading;
  const { accessToken, refreshToken, ...rest } = reading.tokens;
  return { access: accessToken?.reveal(), refresh: refreshToken?.reveal(), ...rest };
}

describe('a token file', () => {
  it.each([
    ['both tokens', '{"access_token":"a","refresh_token":"r"}', { access: 'a', refresh: 'r' }],
    ['a refresh token alone', '{"refresh_token":" r\\n"}', { refresh: 'r' }],
    ['an access token alone', '{"access_token":"a","refresh_token":""}', { access: 'a' }],
    ['a byte order mark', '\uFEFF{"refresh_token":"r"}', { refresh: 'r' }],
    [
      'an end of its own',
      '{"access_token":"a","expires_at":1700000000000}',
      { access: 'a', expiresAt: 1.7e12 },
    ],
    ['a useless end', '{"access_token":"a","expires_at":-1}', { access: 'a' }],
    [
      'a web token, whose claims count more',
      JSON.stringify({ access_token: makeJwt({ exp: 2, iat: 1, email: 'me@example.com' }), expires_at: 9 }),
      {
        access: makeJwt({ exp: 2, iat: 1, email: 'me@example.com' }),
        expiresAt: 2000,
        issuedAt: 1000,
        email: 'me@example.com',
      },
    ],
  ])('is read with %s', async (_what, text, tokens) => {
    const { file } = await makeFile(text);
    expect(reveal(await createTokenFile(file).read())).toEqual(tokens);
  });

  it('is absent when there is none', async () => {
    const { file } = await makeFile();
    expect(await createTokenFile(file).read()).toEqual({ kind: 'absent' });
  });

  it.each([
    ['', 'is not a JSON object'],
    ['{"access_token": "canary', 'is not a JSON object'],
    ['["canary"]', 'is not a JSON object'],
    ['{"token":"canary"}', 'holds neither "access_token" nor "refresh_token"'],
    ['{"access_token":5}', 'holds neither "access_token" nor "refresh_token"'],
  ])('holding %j is reported with the way to mend it', async (text, fault) => {
    const { file, path } = await makeFile(text);
    const reading = await createTokenFile(file).read();
    expect(reading).toMatchObject({
      kind: 'malformed',
      reason: expect.stringContaining(`${path} ${fault}; log in`) as string,
    });
    expect(JSON.stringify(reading)).not.toContain('canary');
  });

  it('that is a directory is reported too', async () => {
    const { file, path } = await makeFile();
    await mkdir(path);
    expect(await createTokenFile(file).read()).toMatchObject({
      kind: 'malformed',
      reason: expect.stringContaining('cannot be read (EISDIR)') as string,
    });
  });

  it('keeps everything else as it stands', async () => {
    const { file, path } = await makeFile(
      '{\n    "access_token": "a",\n    "id": 12345678901234567890, "__proto__": {"x": 1},\n    "refresh_token": "r"\n}\n',
    );
    await save(createTokenFile(file));
    expect(await readFile(path, 'utf8')).toBe(
      '{\n    "access_token": "access-2",\n    "id": 12345678901234567890, "__proto__": {"x": 1},\n    "refresh_token": "refresh-2"\n}\n',
    );
  });

  it('that names a token twice ends up with the new one', async () => {
    const { file } = await makeFile('{"refresh_token":"r","refresh_token":"r","other":1}');
    const store = createTokenFile(file);
    await save(store);
    expect(reveal(await store.read())).toMatchObject({ access: 'access-2', refresh: 'refresh-2' });
    expect(await file.read()).toContain('"other":1');
  });

  it('gets back the members that were in it before it was broken by hand', async () => {
    const { file, path } = await makeFile('{"refresh_token":"r","other":1}');
    const store = createTokenFile(file);
    await store.read();
    await writeFile(path, '{"refresh_token":');
    await save(store);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      access_token: 'access-2',
      refresh_token: 'refresh-2',
      other: 1,
    });
  });

  it('starts afresh when nothing good was ever read', async () => {
    const { file, path } = await makeFile('broken');
    await save(createTokenFile(file, () => ({ extra: true })));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      access_token: 'access-2',
      refresh_token: 'refresh-2',
      extra: true,
    });
  });
});

describe('what has become of a configured key', () => {
  const key = createSecret('canary-key');
  const open = (file: DurableFile, of = key) => createOriginStore(file, of, createRecordingLogger());

  it('is the key itself at first', async () => {
    const { file } = await makeFile();
    expect(reveal(await open(file).read())).toEqual({ refresh: 'canary-key' });
  });

  it('is preferred over the spent key, of which only a hash is stored', async () => {
    const { file, path } = await makeFile();
    await save(open(file));
    expect(reveal(await open(file).read())).toMatchObject({
      access: 'access-2',
      refresh: 'refresh-2',
      expiresAt: 1.7e12,
    });
    expect(await open(file).read()).toMatchObject({ ancestor: key });
    const stored = await readFile(path, 'utf8');
    expect(stored).toContain('"origin_sha256"');
    expect(stored).not.toContain('canary-key');
  });

  it('counts under the lock as well', async () => {
    const { file } = await makeFile();
    await save(open(file));
    expect(reveal(await open(file).exclusively((held) => held.read()))).toMatchObject({
      refresh: 'refresh-2',
    });
  });

  it.each([
    ['another key', undefined],
    ['no known key', '{"access_token":"a","refresh_token":"r"}'],
  ])('loses to the key when it descends from %s', async (_what, text) => {
    const { file } = await makeFile(text);
    if (text === undefined) await save(open(file, createSecret('an earlier key')));
    expect(reveal(await open(file).read())).toEqual({ refresh: 'canary-key' });
  });

  it('is mourned once when the file is broken', async () => {
    const { file } = await makeFile('broken');
    const logger = createRecordingLogger();
    const store = createOriginStore(file, key, logger);
    await store.read();
    expect(reveal(await store.read())).toEqual({ refresh: 'canary-key' });
    expect(logger.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('is not a JSON object') as string },
    ]);
  });
});
