import type { Capabilities } from './capabilities.ts';
import type { ChatRequest, ProtocolId } from './conversation.ts';
import type { Edit, WireView } from './edit.ts';
import type { FieldNames } from './field-names.ts';
import type { GatewayError } from './gateway-error.ts';
import type { Ids } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { Losses } from './losses.ts';
import type { ReasoningWish } from './reasoning.ts';
import type { Reply, Usage } from './reply.ts';
import type { Emit, StreamEvent } from './stream-event.ts';
import type { ToolRules } from './tool-rules.ts';

/** One server-sent event: the text of its data lines, and its name when it has one. */
export interface Frame {
  readonly event: string | undefined;
  readonly data: string;
}

/** One wire format, with the side that calls us and the side that we call. */
export interface Protocol {
  readonly id: ProtocolId;
  readonly client?: ClientCodec;
  readonly upstream: UpstreamCodec;
}

/** What the client asked, as far as its answer has to echo it. */
export interface AnswerContext {
  /** The id the client used, before redirects. */
  readonly model: string;
  readonly request: ChatRequest | undefined;
  /** True when the upstream speaks the client's own dialect: opaque state then goes on as it is, without a carrier. */
  readonly native: boolean;
  /** What the input comes to, in tokens, by a rough estimate; until the upstream says better. */
  readonly estimatedInput: number;
  readonly ids: Ids;
  /** Unix milliseconds. */
  readonly now: number;
}

/** An error as a client reads it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** The face towards the program that calls us. */
export interface ClientCodec {
  readonly protocol: ProtocolId;
  /** The route that speaks this dialect, `/v1/messages`. */
  readonly path: string;
  /**
   * Reads an untrusted body; carriers of opaque state are taken apart.
   *
   * @throws GatewayError `invalid-request` naming the field.
   */
  readonly decodeRequest: (body: JsonObject, losses: Losses) => ChatRequest;
  /** The answer in one body; never throws. */
  readonly encodeReply: (reply: Reply, context: AnswerContext) => JsonObject;
  readonly createStreamEncoder: (context: AnswerContext) => StreamEncoder;
  /** True when clients of this dialect bring the opaque state of an answer back with their next request. */
  readonly carriesState: boolean;
  /** The body, status and headers of a failure before the first byte; never throws. */
  readonly encodeError: (error: GatewayError, requestId: string) => ErrorAnswer;
  /** True when a body already is an error in this dialect, and may be passed on as it is. */
  readonly isErrorBody: (body: Json | undefined) => boolean;
  /** A failure in the middle of a relayed stream, as wire text. */
  readonly encodeStreamError: (error: GatewayError, requestId: string) => string;
  /** What keeps an idle stream alive, as wire text. */
  readonly heartbeat: string;
}

/** Turns the events of one answer into wire text. */
export interface StreamEncoder {
  /** The text for this event, perhaps none. An `error` closes the stream in the dialect's way, without its success terminator. */
  readonly push: (event: StreamEvent) => string;
}

export interface EncodeContext {
  readonly capabilities: Capabilities;
  readonly losses: Losses;
  /** The client's words for its fields. */
  readonly names: FieldNames;
}

/** The operator's wishes for one model, and what the model can do. */
export interface Overrides {
  /** The id the upstream knows. */
  readonly model: string;
  /** Text in front of the system prompt; empty for none. */
  readonly systemPrompt: string;
  /** From the configured level, or in `auto` on the translate lane from the client; `unset` touches nothing. */
  readonly reasoning: ReasoningWish;
  readonly fast: boolean;
  readonly capabilities: Capabilities;
}

export interface OverrideResult {
  readonly edits: readonly Edit[];
  /** Beta flags to add to and to take out of `anthropic-beta`. */
  readonly addBetas?: readonly string[];
  readonly removeBetas?: readonly string[];
}

/** What a decoder has to know of the model behind the stream. */
export interface DecodeContext {
  readonly capabilities: Capabilities;
  readonly ids: Ids;
}

/** Reads one stream. Sends every event on at once; after its end or an error it stays silent. */
export interface StreamDecoder {
  readonly push: (frame: Frame) => void;
  /** The upstream closed: ends the answer, or reports `stream-cut`. Later calls do nothing. */
  readonly end: () => void;
  /** True once the last event is out: nothing more need be read. */
  readonly done: () => boolean;
}

/** The stop sequences that a wire format takes; the gateway itself ends an answer at the others. */
export interface StopRule {
  readonly max: number;
  /** A sequence may consist of white space alone. */
  readonly blank: boolean;
}

/** The face towards the service that we call. */
export interface UpstreamCodec {
  readonly protocol: ProtocolId;
  /** Who makes this dialect's opaque state, unless the model's record says otherwise. */
  readonly issuer: string;
  readonly toolRules: ToolRules;
  /** True when an upstream of this dialect may break an answer off and go on when asked again; see `Stop.resume`. */
  readonly resumes?: boolean;
  readonly stopRule: StopRule;
  /**
   * Writes the body of a fitted request, without model id, system prefix and reasoning, which are {@link overrides}'
   * job.
   *
   * @throws GatewayError `invalid-request` naming the client's field, when nothing sensible remains.
   */
  readonly encodeRequest: (request: ChatRequest, context: EncodeContext) => JsonObject;
  /** The operator's edits to a body of this dialect; never throws. */
  readonly overrides: (view: WireView, overrides: Overrides, losses: Losses) => OverrideResult;
  /** Reads a whole answer as the events a stream would have brought; never throws. */
  readonly decodeReply: (body: Json, context: DecodeContext, emit: Emit) => void;
  readonly createStreamDecoder: (context: DecodeContext, emit: Emit) => StreamDecoder;
  /** Reads a failed answer: its status, its text and the headers that tell when to come back; never throws. */
  readonly decodeError: (status: number, text: string, headers: HeaderReader) => GatewayError;
  /** Wire text that stands in the last event of a stream and cannot stand in any other, not even in quoted text. */
  readonly terminals: readonly string[];
  /** The error that this frame tells of, if it is one; for streams that are passed on unread. */
  readonly findStreamError: (frame: Frame) => GatewayError | undefined;
  /** Usage that this frame or whole body tells of, on top of what was known before. */
  readonly findUsage: (data: JsonObject, known: Usage | undefined) => Usage | undefined;
}

/** A response header by its lower-case name. */
export type HeaderReader = (name: string) => string | undefined;
