import type { Catalogue, ModelEntry, Settings } from '../kernel/settings.ts';
import { closestIds } from './closest-ids.ts';
import { matchesGlob } from './glob.ts';

/**
 * The catalogue of these settings. An exact redirect comes first, then the configured id itself, then the longest
 * fitting pattern, of equals the one written first. Redirects are followed once.
 */
export function createCatalogue({ models, modelRedirects }: Settings): Catalogue {
  const byId = new Map(models.map((model) => [model.id, model]));
  const redirects = Object.entries(modelRedirects);
  const exact = new Map(redirects);
  const patterns = redirects
    .filter(([pattern]) => pattern.includes('*'))
    .sort(([one], [other]) => other.length - one.length);

  const find = (id: string): ModelEntry | undefined => {
    const redirected = exact.get(id);
    if (redirected !== undefined) return byId.get(redirected);
    const configured = byId.get(id);
    if (configured !== undefined) return configured;
    const target = patterns.find(([pattern]) => matchesGlob(pattern, id))?.[1];
    return target === undefined ? undefined : byId.get(target);
  };

  return { list: () => models, find, closest: (id, count) => closestIds(id, [...byId.keys()], count) };
}
