import type { UpstreamCodec } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { UpstreamResponse } from '../upstream/upstream-response.ts';

/** A refused request: what it means, and the answer itself where it may be passed on as it is. */
export interface Failure {
  readonly error: GatewayError;
  readonly answer?: { readonly response: UpstreamResponse; readonly text: string };
}

/** More than any error body; what comes beyond is not read. */
const MAX_ERROR_BYTES = 256 * 1024;

/** An upstream that has said that it failed gets this long to say why. */
const MAX_ERROR_MS = 10_000;

export interface FailureDeps {
  readonly upstream: UpstreamCodec;
  /** What the request was sent with. */
  readonly token: Secret;
  readonly clock: Clock;
}

/**
 * Reads the body of a failed answer and what it means. A body that breaks off is read as far as it came; the token,
 * which some services quote, is blotted out.
 */
export async function readFailure(
  response: UpstreamResponse,
  { upstream, token, clock }: FailureDeps,
): Promise<Failure> {
  const stop = clock.after(MAX_ERROR_MS, response.cancel);
  const text = withoutToken(await readText(response), token);
  stop();
  if (response.status < 400) return { error: misdirected(response.status) };
  return { error: upstream.decodeError(response.status, text, response.header), answer: { response, text } };
}

/** What is shorter may be an ordinary word. */
const SHORTEST_TOKEN = 12;

function withoutToken(text: string, token: Secret): string {
  const quoted = token.reveal();
  return quoted.length < SHORTEST_TOKEN ? text : text.replaceAll(quoted, String(token));
}

/** A redirect would carry the request and its credential to another host. */
const misdirected = (status: number): GatewayError =>
  new GatewayError('bad-upstream', `the upstream answered HTTP ${status}, which is not followed`);

async function readText(response: UpstreamResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_ERROR_BYTES) break;
    }
  } catch {
    // the status alone still says what happened
  }
  return Buffer.concat(chunks).toString('utf8');
}
