import type { GatewayError } from '../kernel/gateway-error.ts';
import { writeJson } from '../kernel/json.ts';
import type { Clock } from '../kernel/ports.ts';
import type { ClientCall, ClientResponse, HeaderMap } from './client-call.ts';
import type { Pulse } from './pulse.ts';

export const SSE_HEADERS: HeaderMap = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * The way of one answer to its client: the head goes out with the first byte, a silence is filled with heartbeats, and
 * a failure is a status before the head and an error event after it.
 */
export interface Delivery {
  /** Decides status and headers; they leave with the first data. A head that is out already stays. */
  readonly head: (status: number, headers: HeaderMap) => void;
  /** One header more, if the head has not left. */
  readonly addHeader: (name: string, value: string) => void;
  readonly write: (data: string | Uint8Array) => boolean;
  /** Ends the answer; a body that comes whole gets its length. */
  readonly end: (data?: string | Uint8Array) => void;
  /** Ends the answer with a failure, in whatever form is still possible. */
  readonly fail: (error: GatewayError) => void;
  readonly committed: () => boolean;
  /** From now on silence is answered with heartbeats, unless `mayBeat` says that one would split an event. */
  readonly keepAlive: (mayBeat?: () => boolean) => void;
  /** Tells late failures in another way than the dialect's bare error event. */
  readonly tellFailuresBy: (encode: (error: GatewayError) => string, ending: 'end' | 'cut') => void;
}

export interface DeliveryDeps {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly heartbeatMs: number;
  readonly onFirstByte: (status: number) => void;
}

interface State {
  head: { readonly status: number; readonly headers: HeaderMap };
  committed: boolean;
  over: boolean;
  lastWriteAt: number;
  /** The client has not read what it got; heartbeats would only pile up. */
  full: boolean;
  mayBeat: () => boolean;
  encodeLate: (error: GatewayError) => string;
  ending: 'end' | 'cut';
}

const initialState = ({ codec, requestId }: ClientCall, now: number): State => ({
  head: { status: 200, headers: SSE_HEADERS },
  committed: false,
  over: false,
  lastWriteAt: now,
  full: false,
  mayBeat: () => true,
  encodeLate: (error) => codec.encodeStreamError(error, requestId),
  ending: 'end',
});

export function createDelivery(call: ClientCall, deps: DeliveryDeps): Delivery {
  const { response, codec } = call;
  const state = initialState(call, deps.clock.now());
  let leavePulse: (() => void) | undefined;

  const commit = (extra?: HeaderMap): void => {
    if (state.committed) return;
    state.committed = true;
    response.head(state.head.status, { ...state.head.headers, ...extra });
    deps.onFirstByte(state.head.status);
  };
  const write = (data: string | Uint8Array): boolean => {
    commit();
    state.lastWriteAt = deps.clock.now();
    return writeTo(response, state, data);
  };
  const end = (data?: string | Uint8Array): void => {
    if (!close()) return;
    commit(data === undefined ? undefined : { 'content-length': String(Buffer.byteLength(data)) });
    response.end(data);
  };
  const close = (): boolean => {
    const first = !state.over;
    state.over = true;
    leavePulse?.();
    return first;
  };

  response.onGone(() => void close());
  return {
    head: (status, headers) => {
      state.head = { status, headers };
    },
    addHeader: (name, value) => {
      state.head = { ...state.head, headers: { ...state.head.headers, [name]: value } };
    },
    write: (data) => (state.over ? true : write(data)),
    end,
    fail: (error) => {
      if (!state.committed) end(prepareError(call, state, error));
      else if (close()) failLate(response, state, error);
    },
    committed: () => state.committed,
    keepAlive: (mayBeat = state.mayBeat) => {
      state.mayBeat = mayBeat;
      if (state.over || leavePulse !== undefined) return;
      state.lastWriteAt = deps.clock.now(); // the client's own slow upload was no silence of ours
      leavePulse = deps.pulse.join((now) => {
        if (isDue(state, deps, now)) write(codec.heartbeat);
      });
    },
    tellFailuresBy: (encode, ending) => {
      state.encodeLate = encode;
      state.ending = ending;
    },
  };
}

/** True when the next tick would be too late for a heartbeat, and one is possible now. */
const isDue = (state: State, { pulse, heartbeatMs }: DeliveryDeps, now: number): boolean =>
  !state.full && now - state.lastWriteAt + pulse.periodMs > heartbeatMs && state.mayBeat();

function writeTo(response: ClientResponse, state: State, data: string | Uint8Array): boolean {
  const room = response.write(data);
  if (!room && !state.full) {
    state.full = true;
    response.onDrain(() => {
      state.full = false;
    });
  }
  return room;
}

/** A failure before the first byte is an answer of its own. */
function prepareError({ codec, requestId }: ClientCall, state: State, error: GatewayError): string {
  const { status, body, headers } = codec.encodeError(error, requestId);
  state.head = { status, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } };
  return writeJson(body);
}

/** A failure after the first byte is an event, unless it would land inside another one. */
function failLate(response: ClientResponse, state: State, error: GatewayError): void {
  const text = state.mayBeat() ? state.encodeLate(error) : '';
  if (text !== '') response.write(text);
  if (state.ending === 'end') response.end();
  else response.cut();
}
