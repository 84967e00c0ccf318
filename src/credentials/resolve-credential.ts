import { GatewayError } from '../kernel/gateway-error.ts';
import type { Credential, CredentialSource, Demand, SourceState } from './credential.ts';

interface SourceReport {
  readonly name: string;
  readonly state: SourceState;
  readonly reason?: string;
}

export interface Readiness {
  /** True when a source is usable, or none is configured and every client brings its own. */
  readonly ready: boolean;
  readonly sources: readonly SourceReport[];
}

export interface CredentialChain {
  /**
   * The first usable credential, asked anew for every request.
   *
   * @throws GatewayError when sources are configured and none has a credential for it: `rate-limit` or `billing` where
   *   that is why, else `unavailable`; `authentication` when none is configured and the client sent nothing.
   */
  readonly resolve: (demand: Demand) => Credential;
  readonly readiness: () => Readiness;
}

/** Asks `sources` in order; the client's own header counts only where none of them is configured. */
export function createCredentialChain(
  sources: readonly CredentialSource[],
  clientSource: CredentialSource,
): CredentialChain {
  return {
    resolve: (demand) => {
      for (const source of sources) {
        if (demand.withoutAccounts === true && source.hasAccounts === true) continue;
        const credential = source.state() === 'usable' ? source.find(demand) : undefined;
        if (credential !== undefined) return credential;
      }
      const configured = sources.filter((source) => source.state() !== 'absent');
      if (configured.length > 0) throw findRefusal(configured, demand) ?? noneUsable(configured);
      const own = clientSource.find(demand);
      if (own === undefined) throw nothingSent();
      return own;
    },
    readiness: () => {
      const reports = sources.map(report);
      const configured = reports.filter(({ state }) => state !== 'absent');
      const ready = configured.length === 0 || configured.some(({ state }) => state === 'usable');
      return { ready, sources: reports };
    },
  };
}

function report(source: CredentialSource): SourceReport {
  const state = source.state();
  const reason = state === 'unusable' ? source.reason?.() : undefined;
  return { name: source.name, state, ...(reason !== undefined && { reason }) };
}

/** The word of the first source that has one. */
function findRefusal(configured: readonly CredentialSource[], demand: Demand): GatewayError | undefined {
  for (const source of configured) {
    const refusal = source.refusal?.(demand);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function noneUsable(configured: readonly CredentialSource[]): GatewayError {
  const reasons = configured.map((source) => source.reason?.() ?? `${source.name} is not usable`);
  return new GatewayError(
    'unavailable',
    `the gateway has no usable Factory credential at the moment: ${reasons.join('; ')}`,
    { code: 'no_usable_credential' },
  );
}

const nothingSent = (): GatewayError =>
  new GatewayError(
    'authentication',
    'no credential: send your Factory token as "Authorization: Bearer <token>" or "x-api-key", or give the gateway its own ' +
      '(npm run add-account, FACTORY_API_KEY, DROID_REFRESH_KEY or ~/.factory/auth.json)',
    { code: 'missing_credential' },
  );
