import type { Surroundings } from '../config/read-env.ts';

/** Opens a page in the browser of this machine; `false` when there is none to be had. Never rejects. */
export type OpenBrowser = (url: string) => Promise<boolean>;

/** What the package `open` does. */
export type Launch = (url: string) => Promise<unknown>;

/** No browser over ssh or without a display: it would open where nobody sits, or in the terminal itself. */
export function createOpenBrowser(
  { isRemote, hasDisplay }: Surroundings,
  loadLaunch: () => Promise<Launch>,
): OpenBrowser {
  if (isRemote || !hasDisplay) return () => Promise.resolve(false);
  return async (url) => {
    try {
      const launch = await loadLaunch();
      await launch(url);
      return true;
    } catch {
      return false;
    }
  };
}
