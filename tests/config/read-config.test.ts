import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/read-config.ts';

describe('loadConfig', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'droid2api-config-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const load = (text: string) => {
    const path = join(directory, 'config.json');
    writeFileSync(path, text);
    return loadConfig(path, { required: true });
  };

  it('reads a file with comments', () => {
    expect(load('{ "port": 8080, // mine\n}')).toMatchObject({ ok: true, settings: { port: 8080 } });
  });

  it('tells mistakes in the values', () => {
    expect(load('{ "port": "x", "prot": 1 }')).toEqual({
      ok: false,
      mistakes: ['port: "x" is not a whole number from 0 to 65535'],
      warnings: ['prot: unknown key, ignored'],
    });
  });

  it('tells mistakes in the JSON by line and column', () => {
    expect(load('{\n  "port" 1\n}')).toEqual({
      ok: false,
      mistakes: ['line 2, column 10: a colon is expected'],
      warnings: [],
    });
  });

  it('takes a missing required file for a mistake', () => {
    const path = join(directory, 'absent.json');
    expect(loadConfig(path, { required: true })).toEqual({
      ok: false,
      mistakes: [`${path}: there is no such file`],
      warnings: [],
    });
  });

  it('falls back on the built-in defaults where the file need not be there, with a warning', () => {
    const path = join(directory, 'absent.json');
    const result = loadConfig(path, { required: false });
    expect(result).toMatchObject({ ok: true, settings: { port: 3000 } });
    expect(result.warnings).toEqual([`${path}: there is no such file, the built-in defaults are used`]);
  });

  it.each([true, false])('reports a file that cannot be read (required: %s)', (required) => {
    expect(loadConfig(directory, { required })).toEqual({
      ok: false,
      mistakes: [`${directory}: cannot be read (EISDIR)`],
      warnings: [],
    });
  });
});
