import type { TokenPair } from '../credentials/tokens.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Factory } from './factory.ts';
import { rotateNow } from './rotate-now.ts';
import type { RotateNowDeps } from './rotate-now.ts';

export interface JoinOrganizationDeps extends RotateNowDeps {
  /** Absent where no endpoint is Factory's. */
  readonly factory: Factory | undefined;
}

/**
 * A first login may belong to no organisation, and Factory serves only members of one: it is refreshed into the first
 * that the account has. The saved pair counts until the new one has taken its place.
 *
 * @returns words for the person when that did not work. Never rejects.
 */
export async function joinOrganization(
  id: string,
  pair: TokenPair,
  deps: JoinOrganizationDeps,
): Promise<string | undefined> {
  if (pair.organizationId !== undefined || deps.factory === undefined) return undefined;
  try {
    const [organizationId] = await deps.factory.organizations(pair.accessToken);
    if (organizationId === undefined)
      return 'The account belongs to no organisation, so Factory may refuse it.';
    await rotateNow({ id, label: pair.email ?? id, held: pair, organizationId }, deps);
    await deps.vault.change(() => [{ kind: 'set', id, fields: { organization_id: organizationId } }]);
    return undefined;
  } catch (error) {
    const reason = error instanceof GatewayError ? error.message : 'the file cannot be written';
    return `The account is saved, but it joined no organisation: ${reason}. Factory may refuse it.`;
  }
}
