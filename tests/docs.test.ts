import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ENV_NAMES } from '../src/config/check-env.ts';
import { ERROR_KINDS, statusOfKind } from '../src/kernel/gateway-error.ts';
import { PROTOCOL_OF, UPSTREAM_TYPES } from '../src/kernel/settings.ts';
import { protocols } from '../src/protocols/registry.ts';
import { startGateway } from './support/gateway.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const exists = (file: string): boolean => existsSync(path.join(root, file));
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    path.posix.join(folder, name.replaceAll('\\', '/')),
  );

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...filesIn('docs').filter((file) => file.endsWith('.md')),
] as const;

/** A page without its blocks of code. */
const proseOf = (page: string): string => textOf(page).replace(/^```[\s\S]*?^```/gm, '');
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, match = '']) => match))].sort();
const mentions = (pattern: RegExp, files: readonly string[] = PAGES): (readonly [string, string])[] =>
  files.flatMap((file) => found(textOf(file), pattern).map((match) => [file, match] as const));

const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Record<string, string> };

describe('the scripts of package.json', () => {
  const files = [...PAGES, '.github/workflows/ci.yml', '.ci/run', 'Dockerfile', 'start.sh', 'start.bat'];
  const named = mentions(/\bnpm (?:run )?((?<=run )[a-z:-]+|test\b|start\b)/g, files);

  it.each(named)('%s names a script that is there: %s', (_file, script) => {
    expect(Object.keys(scripts)).toContain(script);
  });

  it.each(Object.keys(scripts).filter((script) => !/^pre(?:start|demo|accounts|add-account)$/.test(script)))(
    '%s is explained in README.md or CONTRIBUTING.md',
    (script) => {
      expect(named.filter(([file]) => /^[A-Z]+\.md$/.test(file)).map(([, name]) => name)).toContain(script);
    },
  );
});

describe('links', () => {
  const headingsOf = (page: string): string[] =>
    found(proseOf(page), /^#+ (.+)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(' ', '-'),
    );

  const leadsSomewhere = (page: string, link: string): boolean => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
    return exists(target) && (anchor === undefined || headingsOf(target).includes(anchor));
  };

  it.each(mentions(/\]\(((?!https?:)[^)]+)\)/g))('in %s lead somewhere: %s', (page, link) => {
    expect(leadsSomewhere(page, link)).toBe(true);
  });
});

describe('files', () => {
  /** What an owner or the gateway makes, and rooms that architecture.md announces. */
  const ABSENT = ['.env', 'auth.json', 'accounts.json', 'accounts-state.json', 'src/state'];
  const rooms = readdirSync(path.join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const inTree = ['src', 'tests', 'docs', 'scripts', '.github', '.ci'];
  const baseNames = new Set(
    [...inTree.flatMap(filesIn), ...readdirSync(root)].map((file) => path.posix.basename(file)),
  );
  const isPath = new RegExp(`^(?:${[...inTree, ...rooms].join('|').replaceAll('.', '\\.')})/[\\w./-]+$`);
  const isFileName = /^\.?[\w-]+(?:\.[\w-]+)*\.(?:md|json|ts|mjs|js|cjs|sh|bat|yml|example)$/;
  const isThere = (name: string): boolean =>
    isPath.test(name)
      ? [name, `src/${name}`, `src/${name}.ts`].some(exists)
      : baseNames.has(path.posix.basename(name));
  const named = PAGES.flatMap((page) =>
    found(proseOf(page), /`([^`\n]+)`/g)
      .filter((name) => isPath.test(name) || isFileName.test(name))
      .map((name) => [page, name] as const),
  );

  it.each(named.filter(([, name]) => !ABSENT.includes(name)))(
    '%s names one that exists: %s',
    (_page, name) => {
      expect(isThere(name)).toBe(true);
    },
  );
});

describe('README.md', () => {
  const readme = textOf('README.md');
  const listed = found(readme, /^\| `((?:GET|POST) \/[^`]*)`/gm);

  it('lists every route that the gateway itself lists', async () => {
    const { url } = await startGateway();
    const { endpoints } = (await (await fetch(url)).json()) as { readonly endpoints: readonly string[] };
    expect(endpoints.filter((endpoint) => !listed.includes(endpoint))).toEqual([]);
  });

  it.each(listed)('lists %s, which is a route', async (route) => {
    const { url } = await startGateway();
    const [method = '', pattern = ''] = route.split(' ');
    const answer = await fetch(url + pattern.replace(':id', 'claude'), { method });
    expect(await answer.text()).not.toContain('there is no route');
  });

  it.each(protocols.all.flatMap(({ client }) => client ?? []))('says what $path reaches', (client) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`POST ${client.path}\``)) ?? '';
    const cells = row.split('|').slice(2, -1);
    const lanes = UPSTREAM_TYPES.map((type) => {
      const { upstream } = protocols.byId(PROTOCOL_OF[type]);
      return upstream.protocol === client.protocol ? 'relayed' : 'translated';
    });
    expect(cells.map((cell) => cell.trim())).toEqual(lanes);
  });
});

describe('docs/protocols.md', () => {
  it('lists every kind of error with its status', () => {
    const [, errors = ''] = textOf('docs/protocols.md').split('\n## Errors\n');
    const rows = [...errors.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\|/gm)];
    expect(rows.map(([, kind, status]) => [kind, Number(status)])).toEqual(
      ERROR_KINDS.map((kind) => [kind, statusOfKind(kind)]),
    );
  });
});

describe('docker-compose.yml', () => {
  it('hands every variable to a service, except paths and what belongs to scripts', () => {
    const handed = found(textOf('docker-compose.yml'), /^ +- ([A-Z_]+)(?:=.*)?$/gm);
    const elsewhere = /^(?:CONFIG_FILE|FACTORY_AUTH_FILE|SYNC_\w+|DEPLOY_TYPE)$/;
    expect(handed).toEqual(ENV_NAMES.filter((name) => !elsewhere.test(name)).sort());
  });
});
