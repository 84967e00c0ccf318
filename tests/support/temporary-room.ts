import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory of its own for this test. */
export async function makeRoom(): Promise<string> {
  const room = await mkdtemp(join(tmpdir(), 'droid2api-test-'));
  onTestFinished(() => rm(room, { recursive: true, force: true }));
  return room;
}
