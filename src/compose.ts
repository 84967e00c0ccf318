import http from 'node:http';
import type { Server } from 'node:http';
import { createApp } from './app.ts';
import { createCatalogue } from './config/model-catalogue.ts';
import type { CredentialChain } from './credentials/resolve-credential.ts';
import { createAccessKeys } from './http/access-keys.ts';
import { createClientErrorHandler } from './http/client-error.ts';
import { createDialects } from './http/dialects.ts';
import { createIds } from './kernel/ids.ts';
import type { Clock, Logger, Random } from './kernel/ports.ts';
import type { AccessKey, Settings } from './kernel/settings.ts';
import { answer } from './pipeline/answer.ts';
import type { Running } from './pipeline/answer-deps.ts';
import { createPulse } from './pipeline/pulse.ts';
import { createStateMemory } from './pipeline/state-memory.ts';
import { protocols } from './protocols/registry.ts';
import { createRequestLog } from './telemetry/log-request.ts';
import { createTokenCounter } from './tokens/count-tokens.ts';
import type { Roads } from './upstream/roads.ts';
import { createSend } from './upstream/send.ts';

export interface GatewayParts {
  readonly settings: Settings;
  readonly credentials: CredentialChain;
  readonly roads: Roads;
  readonly version: string;
  /** Keys that clients have to show; none are asked for where there are none. */
  readonly accessKeys?: readonly AccessKey[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The gateway as an HTTP server that does not listen yet. */
export interface Gateway {
  readonly server: Server;
  /** Gives back pooled connections. */
  readonly close: () => void;
}

/** A heartbeat is late by this part of its interval at most. */
const BEATS_PER_HEARTBEAT = 15;

/** Builds every part from the settings; the only file that knows which part is which. */
export function composeGateway(parts: GatewayParts): Gateway {
  const { settings, credentials, roads, version, clock, random, logger } = parts;
  const ids = createIds(random);
  const pulse = createPulse(clock, Math.max(1, Math.floor(settings.heartbeatMs / BEATS_PER_HEARTBEAT)));
  const codecs = protocols.all.flatMap(({ client }) => (client === undefined ? [] : [client]));
  const dialects = createDialects(codecs);
  const running: Running = {
    settings,
    catalogue: createCatalogue(settings),
    send: createSend({ roads, clock, ...settings.timeouts }),
  };
  const answerDeps = {
    running: () => running,
    protocols,
    credentials,
    clock,
    ids,
    pulse,
    record: createRequestLog(logger),
    memory: createStateMemory(clock),
    countTokens: createTokenCounter(),
  };
  const app = createApp({
    name: 'droid2api',
    version,
    codecs,
    dialects,
    accessKeys: createAccessKeys(parts.accessKeys ?? []),
    answer: (call) => answer(call, answerDeps),
    bodyLimitBytes: () => running.settings.bodyLimitBytes,
    catalogue: () => running.catalogue,
    createdAt: clock.now(),
    readiness: () => ({ ...credentials.readiness() }),
    clock,
    ids,
    logger,
  });
  // What Node would refuse by itself, without a body and a request id, goes to the app like everything else.
  const server = http.createServer(
    { keepAliveTimeout: 75_000, highWaterMark: 64 * 1024, requireHostHeader: false },
    app,
  );
  server.on('checkExpectation', app);
  server.on('clientError', createClientErrorHandler(dialects, ids));
  return { server, close: () => roads.close() };
}
