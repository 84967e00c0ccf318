import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A directory for all tests of a group; asked for when they run. */
export function makeSharedRoom(): () => string {
  const rooms: string[] = [];
  beforeAll(() => {
    rooms.push(mkdtempSync(join(tmpdir(), 'droid2api-test-')));
  });
  afterAll(() => rooms.splice(0).forEach((room) => rmSync(room, { recursive: true, force: true })));
  return () => rooms[0] ?? '';
}
