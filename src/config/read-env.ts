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

/** What can be known of the person in front of the process. */
export interface Surroundings {
  /** They sit at another machine, at the far end of an ssh connection. */
  readonly isRemote: boolean;
  /** A window could open on this machine. */
  readonly hasDisplay: boolean;
}

const DISPLAYS = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'];

/** Looks for a display and an ssh connection, as they are told to every process. */
export function readSurroundings(
  source: EnvSource = process.env,
  platform: string = process.platform,
): Surroundings {
  const isSet = (name: string): boolean => (source[name] ?? '') !== '';
  return {
    isRemote: ['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY'].some(isSet),
    hasDisplay: platform === 'win32' || platform === 'darwin' || DISPLAYS.some(isSet),
  };
}
