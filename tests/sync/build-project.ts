import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Puts into `room` what a machine has after `npm ci && npm run build`; types are not checked, which takes long. */
export function buildProject(room: string): void {
  const sources = join(PROJECT, 'src');
  // File by file the compiler does not see package.json, which says that these are ES modules.
  const compilerOptions = { ...readCompilerOptions(), module: ts.ModuleKind.ESNext };
  for (const name of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const target = join(room, 'dist', name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const source = readFileSync(join(sources, name), 'utf8');
    writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  cpSync(join(PROJECT, 'package.json'), join(room, 'package.json'));
  symlinkSync(join(PROJECT, 'node_modules'), join(room, 'node_modules'));
}

function readCompilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(PROJECT, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    readonly config: { readonly compilerOptions: unknown };
  };
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, PROJECT).options;
}
