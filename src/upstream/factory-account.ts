import { findNumber, findObject, findString, listOf } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { ModelPool, Settings } from '../kernel/settings.ts';
import type { FetchJson } from './fetch-json.ts';

/** How much of one allowance is spent. */
interface QuotaWindow {
  readonly pool: ModelPool;
  readonly window: (typeof WINDOWS)[number];
  /** May pass 100; 0 once the window has ended. */
  readonly usedPercent: number;
  /** Unix milliseconds; absent where nobody said. */
  readonly endsAt?: number;
}

/** What Factory says of the account behind a token. */
export interface FactoryAccount {
  /** Its WorkOS organisations, `org_…`. Rejects with GatewayError. */
  readonly organizations: (token: Secret) => Promise<readonly string[]>;
  /** Its rolling usage windows, as far as it has any. Rejects with GatewayError. */
  readonly limits: (token: Secret) => Promise<readonly QuotaWindow[]>;
}

export interface FactoryAccountDeps {
  readonly fetchJson: FetchJson;
  /** `https://api.factory.ai`, without a slash at the end. */
  readonly origin: string;
  readonly userAgent: string;
  readonly clock: Clock;
}

const POOLS = ['standard', 'core'] as const;
const WINDOWS = ['fiveHour', 'weekly', 'monthly'] as const;

/** The origin of Factory's account calls: that of the first endpoint which is Factory's; `undefined` when none is. */
export function findFactoryOrigin({ endpoints }: Pick<Settings, 'endpoints'>): string | undefined {
  const own = Object.values(endpoints).find(({ flavor }) => flavor === 'factory');
  return own && new URL(own.baseUrl).origin;
}

export function createFactoryAccount(deps: FactoryAccountDeps): FactoryAccount {
  const version = /\/(\d+\.\d+\.\d+)/.exec(deps.userAgent)?.[1];
  const headers = {
    'x-factory-client': 'cli',
    ...(version !== undefined && { 'x-client-version': version }),
  };
  const get = (path: string, token: Secret): Promise<JsonObject> =>
    deps.fetchJson(`${deps.origin}${path}`, token, headers);
  return {
    organizations: async (token) => {
      const ids = listOf((await get('/api/cli/org', token))['workosOrgIds']).map(findString);
      return ids.filter((id) => id !== undefined && id !== '') as string[];
    },
    limits: async (token) => {
      const limits = findObject((await get('/api/billing/limits', token))['limits']);
      return POOLS.flatMap((pool) => readPool(pool, findObject(limits?.[pool]), deps.clock.now()));
    },
  };
}

function readPool(pool: ModelPool, windows: JsonObject | undefined, now: number): QuotaWindow[] {
  return WINDOWS.flatMap((window) => {
    const said = findObject(windows?.[window]);
    const percent = findNumber(said?.['usedPercent']);
    if (percent === undefined) return [];
    const endsAt = findMoment(said?.['windowEnd']);
    // A window that is over keeps its last number until somebody uses the account again.
    const usedPercent = endsAt !== undefined && endsAt <= now ? 0 : percent;
    return [{ pool, window, usedPercent, ...(endsAt !== undefined && { endsAt }) }];
  });
}

/** ISO text, Unix milliseconds, or those as text. */
function findMoment(value: Json | undefined): number | undefined {
  const text = findString(value)?.trim();
  const time = text === undefined ? findNumber(value) : /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return time !== undefined && Number.isFinite(time) && time > 0 ? time : undefined;
}
