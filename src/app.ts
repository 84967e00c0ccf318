import express from 'express';
import type { Express } from 'express';
import { createCompletionRouter } from './http/completion-router.ts';
import type { CompletionDeps } from './http/completion-router.ts';
import { createHealthRouter } from './http/health-router.ts';
import type { HealthDeps } from './http/health-router.ts';
import { createModelsRouter } from './http/models-router.ts';
import type { ModelsDeps } from './http/models-router.ts';
import { notFound, renderError } from './http/render-error.ts';
import { assignRequestId } from './http/request-id.ts';

export interface AppDeps extends CompletionDeps, ModelsDeps, Omit<HealthDeps, 'endpoints'> {}

/** The HTTP application: routers in order, no logic. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(assignRequestId(deps.ids));
  app.use(createCompletionRouter(deps));
  app.use(createModelsRouter(deps));
  app.use(createHealthRouter({ ...deps, endpoints: endpointsOf(deps) }));
  app.use(notFound);
  app.use(renderError(deps));
  return app;
}

const endpointsOf = ({ codecs }: AppDeps): readonly string[] => [
  ...codecs.map(({ path }) => `POST ${path}`),
  'POST /v1/messages/count_tokens',
  'GET /v1/models',
  'GET /v1/models/:id',
  'GET /healthz',
  'GET /readyz',
];
