import { Router } from 'express';

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
}

/** `/`: what this is; `/healthz`: the process answers; `/readyz`: it can do its work. */
export function createHealthRouter({ name, version, endpoints, readiness }: HealthDeps): Router {
  const router = Router({ caseSensitive: true });
  router.get('/', (_request, response) => {
    response.json({ name, version, endpoints });
  });
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', (_request, response) => {
    const { ready, ...details } = readiness();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', ...details });
  });
  return router;
}
