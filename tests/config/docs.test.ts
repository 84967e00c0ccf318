import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENV_NAMES } from '../../src/config/check-env.ts';
import { configSchema } from '../../src/config/config-schema.ts';
import { DEFAULT_MODELS } from '../../src/config/default-models.ts';
import { loadConfig } from '../../src/config/read-config.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import { createStrictLosses } from '../../src/pipeline/strict-losses.ts';

const page = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** Every key below this one, `models[].id`. */
function keysOf(schema: JsonSchema, path = ''): string[] {
  const members = Object.entries(schema.properties ?? {});
  const own = members.flatMap(([key, member]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [here, ...keysOf(member, here)];
  });
  return schema.items === undefined ? own : [...own, ...keysOf(schema.items, `${path}[]`)];
}

const configKeys = keysOf(
  z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema,
);

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}
const rows: readonly Row[] = [...page('docs/configuration.md').matchAll(/^\| `([^`]+)` +\|(.+)\|$/gm)].map(
  ([, name = '', rest = '']) => ({ name, cells: rest.split(' | ').map((cell) => cell.trim()) }),
);
const isVariable = ({ name }: Row): boolean => /^[A-Z_]+$/.test(name);

describe('docs/configuration.md', () => {
  it('lists every key of config.json, and no other', () => {
    expect(configKeys).toContain('models[].capabilities.sampling.topP');
    const listed = rows.filter((row) => !isVariable(row)).map(({ name }) => name);
    expect(listed.sort()).toEqual([...configKeys].sort());
  });

  it('lists every environment variable, and no other', () => {
    const listed = rows.filter(isVariable).map(({ name }) => name);
    expect(listed.sort()).toEqual([...ENV_NAMES].sort());
  });

  it.each(rows)('gives $name a default and a meaning', ({ cells }) => {
    expect(cells).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S.*\.$/)]);
  });
});

describe('what docs/configuration.md says of strict_translation', () => {
  const [, section = ''] = page('docs/configuration.md').split('\n### Strict translation\n');
  const [refused = [], kept = []] = section
    .split('\n\n')
    .slice(0, 2)
    .map((paragraph) => [...(/: ((?:`[a-z-]+`(?:, )?)+)\./.exec(paragraph)?.[1] ?? '').matchAll(/[a-z-]+/g)])
    .map((words) => words.map(([word]) => word));
  const note = (word: string) => (): void => createStrictLosses(createLossLog()).note('field', word);

  it.each(refused)('is true of %s, which is refused', (word) => {
    expect(note(word)).toThrow(`would be ${word}`);
  });

  it.each(kept)('is true of %s, which stays a note', (word) => {
    expect(note(word)).not.toThrow();
  });

  it('leaves no word out that is kept', () => {
    const [, listed = ''] = /KEPT[^=]*= \[([^\]]*)\]/.exec(page('src/pipeline/strict-losses.ts')) ?? [];
    expect(kept).toEqual([...listed.matchAll(/[a-z-]+/g)].map(([word]) => word));
  });
});

describe('.env.example', () => {
  it('lists every environment variable with one line of comment', () => {
    const listed = [...page('.env.example').matchAll(/^# .+\n([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...ENV_NAMES].sort());
  });
});

describe('the shipped config.json', () => {
  const result = loadConfig(fileURLToPath(new URL('../../config.json', import.meta.url)), { required: true });

  it('has no mistakes and no warnings', () => {
    expect(result).toMatchObject({ ok: true, warnings: [] });
  });

  it('offers what the built-in defaults offer', () => {
    const models = result.ok ? result.settings.models : [];
    const offered = models.map(({ id, type, provider, fast }) => ({ id, type, provider, fast }));
    expect(offered).toEqual(DEFAULT_MODELS);
  });

  it('leaves reasoning to the client', () => {
    const levels = result.ok ? result.settings.models.map(({ reasoning }) => reasoning) : [];
    expect(new Set(levels)).toEqual(new Set(['auto']));
  });
});

describe('accounts.example.json', () => {
  it('is plain JSON of the current version', () => {
    const example: unknown = JSON.parse(page('accounts.example.json'));
    expect(example).toMatchObject({ version: 1, accounts: [{ enabled: true }, {}] });
  });
});
