import { Router } from 'express';
import type { Request } from 'express';
import { invalidField } from '../kernel/gateway-error.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Catalogue, ModelEntry } from '../kernel/settings.ts';
import { unknownModel } from '../pipeline/unknown-model.ts';
import type { AccessKeys } from './access-keys.ts';
import { headerReader } from './request-parts.ts';

export interface ModelsDeps {
  readonly accessKeys: AccessKeys;
  readonly catalogue: () => Catalogue;
  /** When this configuration was loaded, Unix milliseconds: models have no birthday of their own here. */
  readonly createdAt: number;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

/** `GET /v1/models` and `/v1/models/:id`, in Anthropic's shape for a client that names its version, else in OpenAI's. */
export function createModelsRouter({ catalogue, createdAt, accessKeys }: ModelsDeps): Router {
  const router = Router({ caseSensitive: true });
  router.get('/v1/models{/*id}', (request, _response, next) => {
    accessKeys.admit(headerReader(request));
    next();
  });
  router.get('/v1/models', (request, response) => {
    const models = catalogue().list();
    response.json(
      isAnthropic(request) ? anthropicList(models, request, createdAt) : openaiList(models, createdAt),
    );
  });
  router.get('/v1/models/*id', (request, response) => {
    const id = request.params.id.join('/');
    const model = catalogue().find(id);
    if (model === undefined) throw unknownModel(id, catalogue());
    response.json(isAnthropic(request) ? anthropicItem(model, createdAt) : openaiItem(model, createdAt));
  });
  return router;
}

const isAnthropic = ({ headers }: Request): boolean => headers['anthropic-version'] !== undefined;

const openaiList = (models: readonly ModelEntry[], createdAt: number): JsonObject => ({
  object: 'list',
  data: models.map((model) => openaiItem(model, createdAt)),
});

const openaiItem = ({ id, provider }: ModelEntry, createdAt: number): JsonObject => ({
  id,
  object: 'model',
  created: Math.floor(createdAt / 1000),
  owned_by: provider,
});

function anthropicList(models: readonly ModelEntry[], request: Request, createdAt: number): JsonObject {
  const limit = readLimit(request.query['limit']);
  const after = indexOfId(models, request.query['after_id']);
  const before = indexOfId(models, request.query['before_id']);
  const range = before === undefined ? models.slice((after ?? -1) + 1) : models.slice(0, before);
  const page = before === undefined ? range.slice(0, limit) : range.slice(-limit);
  return {
    data: page.map((model) => anthropicItem(model, createdAt)),
    has_more: page.length < range.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

const anthropicItem = ({ id, name, capabilities }: ModelEntry, createdAt: number): JsonObject => ({
  type: 'model',
  id,
  display_name: name,
  created_at: new Date(createdAt).toISOString(),
  capabilities: null,
  lifecycle: 'active',
  line: null,
  max_input_tokens: capabilities.maxInput ?? null,
  max_tokens: capabilities.maxOutput ?? null,
  deprecated_at: null,
  retires_at: null,
});

function readLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === 'string' ? Number(value) : Number.NaN;
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalidField('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
}

function indexOfId(models: readonly ModelEntry[], id: unknown): number | undefined {
  if (id === undefined) return undefined;
  const index = models.findIndex((model) => model.id === id);
  return index < 0 ? undefined : index;
}
