import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock } from '../kernel/ports.ts';
import { codeOf } from '../upstream/network-error.ts';
import type { UpstreamResponse } from '../upstream/upstream-response.ts';
import type { ClientResponse } from './client-call.ts';
import type { Delivery } from './delivery.ts';
import type { Pulse } from './pulse.ts';
import type { Transform } from './transform.ts';

export interface PumpDeps {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly idleMs: number;
}

/** How long an upstream may take to close a finished stream before it is no longer waited for. */
const LINGER_MS = 1000;

/**
 * Moves a body from the upstream to the client: one write for every chunk read, no faster than the client reads, and
 * nothing read any more once the client has gone. The promise settles when the answer has ended, or this upstream's
 * part of it.
 *
 * It rejects with GatewayError `stream-cut` when the upstream closes in the middle, `timeout` when it falls silent,
 * `cancelled` when the client leaves, and whatever the transform throws.
 */
export function pump(
  upstream: UpstreamResponse,
  client: ClientResponse,
  delivery: Delivery,
  { transform, ...deps }: PumpDeps & { readonly transform: Transform },
): Promise<void> {
  const { body } = upstream;
  return new Promise((resolve, reject) => {
    let lastByteAt = deps.clock.now();
    let over = false;
    const leavePulse = deps.pulse.join((now) => {
      if (body.isPaused())
        lastByteAt = now; // the client's slowness is not the upstream's silence
      else if (transform.hasEnded?.() === true && now - lastByteAt >= LINGER_MS) conclude();
      else if (now - lastByteAt >= deps.idleMs) stop(silence(deps.idleMs));
    });
    const settle = (): boolean => {
      const first = !over;
      over = true;
      leavePulse();
      body.off('data', read);
      return first;
    };
    const stop = (error: unknown): void => {
      if (!settle()) return;
      upstream.cancel();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const conclude = (): void => {
      if (over) return;
      try {
        finish(transform, delivery);
      } catch (error) {
        stop(error);
        return;
      }
      settle();
      letGo(upstream, transform, deps.clock);
      resolve();
    };
    const read = (chunk: Uint8Array): void => {
      lastByteAt = deps.clock.now();
      try {
        const output = transform.push(chunk);
        if (output !== undefined && !delivery.write(output)) {
          body.pause();
          client.onDrain(() => body.resume());
        }
        if (transform.done()) conclude();
      } catch (error) {
        stop(error);
      }
    };
    client.onGone(() => stop(new GatewayError('cancelled', 'the client went away')));
    body.on('data', read);
    body.on('end', conclude);
    body.on('error', (cause) => stop(cut(cause)));
    body.on('close', () => stop(cut(undefined)));
  });
}

/** Ends the answer, unless it goes on in another response. */
function finish(transform: Transform, delivery: Delivery): void {
  const last = transform.end();
  if (transform.paused?.() === undefined) delivery.end(last);
  else if (last !== undefined) delivery.write(last);
}

/** A body that could not be unpacked was not cut: it is broken. */
const cut = (cause: unknown): GatewayError =>
  codeOf(cause).startsWith('Z_')
    ? new GatewayError('bad-upstream', 'the upstream sent a compressed answer that cannot be read', { cause })
    : new GatewayError('stream-cut', 'the upstream closed the connection in the middle of the answer', {
        cause,
      });

const silence = (idleMs: number): GatewayError =>
  new GatewayError('timeout', `the upstream sent nothing for ${idleMs / 1000} s`);

/** Lets the connection return to its pool if the upstream ends the finished answer soon, else closes it. */
function letGo(upstream: UpstreamResponse, transform: Transform, clock: Clock): void {
  if (upstream.body.readableEnded) return;
  if (transform.cutShort?.() === true) {
    upstream.cancel();
    return;
  }
  const cancelLater = clock.after(LINGER_MS, upstream.cancel);
  upstream.body.once('close', cancelLater);
  upstream.body.resume();
}
