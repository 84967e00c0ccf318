import { Router } from 'express';
import type { AccessKeys } from './access-keys.ts';
import { headerReader } from './request-parts.ts';

/** Why the gateway can or cannot answer model requests. */
interface Readiness {
  readonly ready: boolean;
  readonly [detail: string]: unknown;
}

export interface HealthDeps {
  readonly name: string;
  readonly version: string;
  readonly endpoints: readonly string[];
  readonly readiness: () => Readiness;
  readonly accessKeys: AccessKeys;
}

/** `/`: what this is; `/healthz`: the process answers; `/readyz`: it can do its work, with the details for those who may use it. */
export function createHealthRouter({ name, version, endpoints, readiness, accessKeys }: HealthDeps): Router {
  const router = Router({ caseSensitive: true });
  router.get('/', (_request, response) => {
    response.json({ name, version, endpoints });
  });
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', (request, response) => {
    const { ready, ...details } = readiness();
    const shown = accessKeys.isAdmitted(headerReader(request)) ? details : {};
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', ...shown });
  });
  return router;
}
