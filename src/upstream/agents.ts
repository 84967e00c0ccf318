import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { ProxyEntry } from '../kernel/settings.ts';

/** One way to an upstream: its kept-alive connections, and a way to open a connection that is certainly new. */
export interface Road {
  /** The proxy's name in the configuration; `undefined` when direct. */
  readonly proxy: string | undefined;
  readonly pooled: (secure: boolean) => http.Agent;
  readonly fresh: (secure: boolean) => http.Agent;
  /** Closes idle connections; running ones finish. */
  readonly close: () => void;
}

const POOL = { keepAlive: true, maxFreeSockets: 512, scheduling: 'lifo' } as const;

/** The road without a proxy. */
export function createDirectRoad(): Road {
  const pools = [new http.Agent(POOL), new https.Agent(POOL)] as const;
  const single = [new http.Agent({ keepAlive: false }), new https.Agent({ keepAlive: false })] as const;
  return {
    proxy: undefined,
    pooled: (secure) => pools[secure ? 1 : 0],
    fresh: (secure) => single[secure ? 1 : 0],
    close: () => {
      for (const agent of pools) agent.destroy();
    },
  };
}

/** The road through one HTTP proxy: a CONNECT tunnel for every connection, kept alive and pooled. */
export function createProxyRoad({ name, url }: ProxyEntry): Road {
  const pool = withAbandonedTunnelsClosed(new HttpsProxyAgent(url.reveal(), POOL));
  const single = withAbandonedTunnelsClosed(new HttpsProxyAgent(url.reveal(), { keepAlive: false }));
  return { proxy: name, pooled: () => pool, fresh: () => single, close: () => pool.destroy() };
}

/** An option of `http.request` that a proxy agent listens to while it digs the tunnel. */
export interface TunnelOptions {
  readonly tunnelSignal?: AbortSignal;
}

/**
 * A request that is given up while its tunnel is still being dug would leave the socket to the proxy open until the
 * proxy speaks, perhaps for ever: neither Node nor the agent tells the other. So each `connect` runs on a view of the
 * agent whose socket options carry a signal of their own, which is let go as soon as the tunnel stands.
 */
function withAbandonedTunnelsClosed(agent: HttpsProxyAgent<string>): HttpsProxyAgent<string> {
  const connect: typeof agent.connect = async (request, options) => {
    const { tunnelSignal } = options as typeof options & TunnelOptions;
    const abandoned = new AbortController();
    const abandon = (): void => abandoned.abort();
    tunnelSignal?.addEventListener('abort', abandon);
    const connectOpts = { ...agent.connectOpts, signal: abandoned.signal };
    const view = Object.create(agent, { connectOpts: { value: connectOpts } }) as typeof agent;
    try {
      return await HttpsProxyAgent.prototype.connect.call(view, request, options);
    } finally {
      tunnelSignal?.removeEventListener('abort', abandon);
    }
  };
  agent.connect = connect;
  return agent;
}
