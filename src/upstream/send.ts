import http from 'node:http';
import https from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Road, TunnelOptions } from './agents.ts';
import { decodeContent } from './content-encoding.ts';
import { codeOf, networkError } from './network-error.ts';
import type { Roads } from './roads.ts';
import { ProxyFailure, StaleSocket } from './send-failure.ts';
import type { Target } from './target.ts';
import type { UpstreamResponse } from './upstream-response.ts';

interface UpstreamRequest {
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}

/** One request under way. `cancel` may be called at any time, in every phase, and more than once. */
export interface Exchange {
  /**
   * The head of the answer, whatever its status.
   *
   * @throws GatewayError `timeout`, `bad-upstream`, or `cancelled` after `cancel`.
   */
  readonly response: Promise<UpstreamResponse>;
  readonly cancel: () => void;
}

export interface SendDeps {
  readonly roads: Roads;
  readonly clock: Clock;
  readonly connectMs: number;
  readonly firstByteMs: number;
}

export type Send = (request: UpstreamRequest, log: Logger) => Exchange;

/** How the streaming path speaks to an upstream: one POST over pooled connections, cancelled by hand. */
export function createSend(deps: SendDeps): Send {
  return (request, log) => {
    let giveUp: (() => void) | undefined;
    let cancelled = false;
    const isCancelled = (): boolean => cancelled;
    const use = (current: () => void): void => {
      giveUp = current;
    };
    return {
      response: travel(deps, request, { log, isCancelled, use }),
      cancel: () => {
        cancelled = true;
        giveUp?.();
      },
    };
  };
}

interface Journey {
  readonly log: Logger;
  readonly isCancelled: () => boolean;
  /** Takes the way to give up the attempt that is now under way. */
  readonly use: (giveUp: () => void) => void;
}

/** Tries one road after the other while proxies fail; what the upstream itself does is final. */
async function travel(deps: SendDeps, request: UpstreamRequest, journey: Journey): Promise<UpstreamResponse> {
  let failure: ProxyFailure | undefined;
  for (const road of deps.roads.next()) {
    if (road.proxy !== undefined) {
      journey.log.info({}, `Using proxy ${road.proxy} for request to ${request.target.href}`);
    }
    try {
      return await overRoad(deps, request, { ...journey, road });
    } catch (error) {
      if (journey.isCancelled())
        throw new GatewayError('cancelled', 'the client went away', { cause: error });
      if (!(error instanceof ProxyFailure)) throw error;
      journey.log.warn({ proxy: road.proxy, reason: error.message }, 'proxy failed');
      failure = error;
    }
  }
  throw failure?.shown ?? new GatewayError('bad-upstream', 'there is no road to the upstream');
}

interface Leg extends Journey {
  readonly road: Road;
}

/** A kept-alive socket may have died unnoticed; nothing was answered on it, so a new one gets the same request. */
async function overRoad(deps: SendDeps, request: UpstreamRequest, leg: Leg): Promise<UpstreamResponse> {
  try {
    return await attempt(deps, request, { ...leg, agent: leg.road.pooled(request.target.secure) });
  } catch (error) {
    if (!(error instanceof StaleSocket) || leg.isCancelled()) throw error;
    return attempt(deps, request, { ...leg, agent: leg.road.fresh(request.target.secure) });
  }
}

interface Attempt extends Leg {
  readonly agent: http.Agent;
}

function attempt(deps: SendDeps, request: UpstreamRequest, leg: Attempt): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    const tunnel = leg.road.proxy === undefined ? undefined : new AbortController();
    const upstream = openRequest(request, leg.agent, tunnel?.signal);
    const giveUp = (): void => {
      upstream.destroy();
      tunnel?.abort();
    };
    leg.use(giveUp);
    let reached = leg.road.proxy === undefined; // through a proxy: once the tunnel stands
    const fail = (error: Error): void => {
      stopTimers();
      reject(error);
      giveUp();
    };
    const stopTimers = startDeadlines(deps, upstream, (error) => {
      fail(reached ? error : new ProxyFailure(error));
    });
    upstream.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      reached = statusCode === 200;
      if (!reached)
        fail(new ProxyFailure(new GatewayError('bad-upstream', `the proxy answered HTTP ${statusCode}`)));
    });
    upstream.once('response', (incoming) => {
      stopTimers();
      try {
        resolve(answerOf(upstream, incoming));
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
    upstream.on('error', (error) => {
      if (upstream.reusedSocket && /^(?:ECONNRESET|EPIPE)$/.test(codeOf(error))) fail(new StaleSocket());
      else if (reached || upstream.reusedSocket) fail(networkError('upstream', error));
      else fail(new ProxyFailure(networkError('proxy', error)));
    });
    for (const chunk of request.chunks) upstream.write(chunk);
    upstream.end();
  });
}

function openRequest(
  { target, headers, byteLength }: UpstreamRequest,
  agent: http.Agent,
  tunnelSignal: AbortSignal | undefined,
): ClientRequest {
  const { hostname, port, path, secure } = target;
  const options: http.RequestOptions & TunnelOptions & { readonly secureEndpoint: boolean } = {
    method: 'POST',
    hostname,
    port,
    path,
    headers: { ...headers, 'content-length': String(byteLength) },
    agent,
    // Spares the proxy agent from reading a stack trace to find out.
    secureEndpoint: secure,
    ...(tunnelSignal !== undefined && { tunnelSignal }),
  };
  return secure ? https.request(options) : http.request(options);
}

/** One timer at a time: first for the connection, then for the head of the answer. */
function startDeadlines(
  deps: SendDeps,
  upstream: ClientRequest,
  expire: (error: GatewayError) => void,
): () => void {
  const { clock, connectMs, firstByteMs } = deps;
  const late = (what: string, ms: number) => (): void =>
    expire(new GatewayError('timeout', `the upstream did not ${what} within ${ms / 1000} s`));
  let stop = clock.after(connectMs, late('accept a connection', connectMs));
  let over = false;
  const connected = (): void => {
    if (over) return;
    stop();
    stop = clock.after(firstByteMs, late('begin to answer', firstByteMs));
  };
  upstream.once('socket', (socket) => {
    if (!socket.connecting) connected();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
  });
  return () => {
    over = true;
    stop();
  };
}

function answerOf(upstream: ClientRequest, incoming: IncomingMessage): UpstreamResponse {
  const { headers, body } = decodeContent(incoming);
  return {
    status: incoming.statusCode ?? 0,
    headers,
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body,
    isComplete: () => incoming.complete,
    cancel: () => upstream.destroy(),
  };
}
