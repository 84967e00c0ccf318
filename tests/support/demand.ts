import type { Demand } from '../../src/credentials/credential.ts';

/** What an ordinary request asks of a source; it has sent no headers and tried nothing. */
export const demandOf = (more: Partial<Demand> = {}): Demand => ({
  client: () => undefined,
  pool: 'standard',
  tried: new Set(),
  mayProbe: true,
  ...more,
});
