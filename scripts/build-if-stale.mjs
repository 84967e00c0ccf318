// Compiles src/ to dist/ when dist/ is missing or older than the sources. An image or a package that ships dist/ alone
// has neither sources nor compiler, and needs neither.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...names) => path.join(root, ...names);
const built = at('dist', 'main.js');
const compiler = at('node_modules', 'typescript', 'bin', 'tsc');

const newest = (folder) =>
  readdirSync(folder, { recursive: true }).reduce(
    (latest, name) => Math.max(latest, statSync(path.join(folder, name)).mtimeMs),
    0,
  );

const stale = () => {
  if (!existsSync(built)) return true;
  if (!existsSync(at('src'))) return false;
  const sources = Math.max(newest(at('src')), statSync(at('tsconfig.json')).mtimeMs);
  return statSync(built).mtimeMs < sources;
};

if (stale()) {
  if (!existsSync(compiler)) {
    console.error('droid2api is not built and the compiler is not installed: run `npm ci` first.');
    process.exit(1);
  }
  rmSync(at('dist'), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', at('tsconfig.build.json')], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
