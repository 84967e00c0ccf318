import { config as readDotenv } from 'dotenv';
import { checkEnv } from './check-env.ts';
import type { EnvResult, EnvSource } from './check-env.ts';

/**
 * Reads the environment and the `.env` file beside the process, once, at the start. A variable that is set already
 * wins over the file, even when it is set to nothing; the process's own environment is left as it is.
 */
export function readEnv(source: EnvSource = process.env, dotenvFile = '.env'): EnvResult {
  const variables: Record<string, string | undefined> = { ...source };
  const { error } = readDotenv({ path: dotenvFile, processEnv: variables, quiet: true });
  if (error !== undefined && error.code !== 'ENOENT') {
    return { ok: false, mistakes: [`${dotenvFile}: cannot be read (${error.code})`] };
  }
  return checkEnv(variables);
}
