import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CASES = Array.from({ length: 174 }, (_, index) => `C${String(index + 1).padStart(3, '0')}`);
const ROOMS = ['tests/conformance', 'tests/laws', 'tests/matrix'];

/** The text of every test of the rooms that `npm run conformance` runs. */
const tests = ROOMS.flatMap((room) =>
  readdirSync(room)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${room}/${name}`, 'utf8')),
).join('\n');

describe('the conformance tests', () => {
  it('name every case', () => {
    expect(CASES.filter((id) => !new RegExp(`\\b${id}\\b`).test(tests))).toEqual([]);
  });
});
