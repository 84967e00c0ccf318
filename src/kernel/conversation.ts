import type { FieldNames } from './field-names.ts';
import type { Json, JsonObject } from './json.ts';
import type { ReasoningWish } from './reasoning.ts';

export type ProtocolId = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generate';

/** What a client asks for, in nobody's dialect. Decoders fill it, encoders write it for one upstream. */
export interface ChatRequest {
  readonly model: string;
  readonly stream: boolean;
  /** The client wants a usage chunk at the end of a Chat Completions stream. */
  readonly wantUsageChunk: boolean;
  readonly system: readonly SystemText[];
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly sampling: Sampling;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly format?: OutputFormat;
  readonly verbosity?: 'low' | 'medium' | 'high';
  readonly reasoning: ReasoningWish;
  readonly cacheKey?: string;
  /** A stable id of the client's own user, as the client wrote it. */
  readonly endUser?: string;
  readonly metadata?: JsonObject;
  readonly serviceTier?: string;
  readonly store?: boolean;
  readonly logprobs?: { readonly top: number };
  /** The client's own words for what a note or an error may have to name. */
  readonly names: FieldNames;
}

export interface SystemText {
  readonly role: 'system' | 'developer';
  readonly text: string;
  readonly cache?: CacheMark;
}

export interface CacheMark {
  readonly ttl: '5m' | '30m' | '1h' | '12h';
}

/** One step of the conversation. A tool turn answers the assistant turn just before it. */
export type Turn = UserTurn | AssistantTurn | ToolTurn | SystemTurn;

/** `at` is the client's own path of what the turn came from (`messages[3]`), for errors and notes. */
interface Located {
  readonly at: string;
}
export interface UserTurn extends Located {
  readonly role: 'user';
  readonly parts: readonly UserPart[];
  readonly name?: string;
}
export interface AssistantTurn extends Located {
  readonly role: 'assistant';
  readonly parts: readonly AssistantPart[];
}
export interface ToolTurn extends Located {
  readonly role: 'tool';
  readonly results: readonly ToolResult[];
}
/** System text in the middle of the conversation. */
export interface SystemTurn extends Located {
  readonly role: 'system' | 'developer';
  readonly parts: readonly TextPart[];
}

export type UserPart = TextPart | ImagePart | DocumentPart | AudioPart;
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart | HostedPart;
export type ResultPart = TextPart | ImagePart | DocumentPart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  /** Whether an answer's text is a remark on the way or the answer itself (`commentary`, `final_answer`). */
  readonly phase?: string;
  readonly annotations?: readonly Annotation[];
  readonly cache?: CacheMark;
}
export interface ImagePart {
  readonly kind: 'image';
  /** The client's own path of the part (`messages[2].content[1]`). */
  readonly at?: string;
  readonly source: MediaSource;
  readonly detail?: string;
  readonly cache?: CacheMark;
}
export interface DocumentPart {
  readonly kind: 'document';
  readonly at?: string;
  readonly source: MediaSource | { readonly type: 'text'; readonly text: string };
  readonly filename?: string;
  readonly title?: string;
  readonly context?: string;
  readonly citations?: boolean;
  readonly cache?: CacheMark;
}
export interface AudioPart {
  readonly kind: 'audio';
  readonly at?: string;
  readonly data: string;
  readonly format: 'wav' | 'mp3';
}

/** Bytes in base64, a web address, or a file that only its owner can open. */
export type MediaSource =
  | { readonly type: 'base64'; readonly data: string; readonly mediaType: string }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file'; readonly fileId: string; readonly owner: ProtocolId };

/** Thinking of an earlier turn. `raw` is what the model wrote, `summary` what its service made of it. */
export interface ReasoningPart {
  readonly kind: 'reasoning';
  readonly raw?: string;
  readonly summary?: readonly string[];
  readonly opaque?: OpaqueState;
}

/** Reasoning state that only its issuer can read or verify; bound to one model family. */
export interface OpaqueState {
  readonly issuer: string;
  readonly family: string;
  readonly kind: 'signature' | 'redacted' | 'encrypted_content' | 'thoughtSignature' | 'none';
  readonly data: string;
}

/** `args` is the exact text: JSON for a function, free text for a custom tool. */
export interface ToolCallPart {
  readonly kind: 'tool-call';
  readonly id: string;
  readonly callKind: 'function' | 'custom';
  readonly name: string;
  readonly namespace?: string;
  readonly args: string;
  readonly opaque?: OpaqueState;
  readonly cache?: CacheMark;
}
export interface RefusalPart {
  readonly kind: 'refusal';
  readonly text: string;
}
/** A block of a server-side tool; means something to its own protocol only. */
interface HostedPart {
  readonly kind: 'hosted';
  readonly protocol: ProtocolId;
  readonly raw: Json;
}

export interface ToolResult {
  /** The client's own path of the member that names the call (`messages[3].tool_call_id`). */
  readonly at: string;
  readonly callId: string;
  readonly callKind: 'function' | 'custom';
  readonly name?: string;
  readonly parts: readonly ResultPart[];
  readonly isError?: boolean;
  readonly cache?: CacheMark;
}

/** A source that an answer cites; offsets are UTF-16 units into the text block. */
export interface Annotation {
  readonly kind: 'url';
  readonly url: string;
  readonly title?: string;
  readonly start?: number;
  readonly end?: number;
}

export type Tool = FunctionTool | CustomTool | HostedTool;

/** `at` is the client's own path of the tool (`tools[2]`). */
export interface FunctionTool extends Located {
  readonly kind: 'function';
  readonly name: string;
  readonly namespace?: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent when the client gave none. */
  readonly schema?: JsonObject;
  readonly strict?: boolean;
  /** The wire type (`shell`, `bash_20250124`) of a tool that the client runs and whose form its dialect lays down. */
  readonly builtin?: string;
  readonly cache?: CacheMark;
}
/** A tool whose input is free text, perhaps held to a grammar. */
export interface CustomTool extends Located {
  readonly kind: 'custom';
  readonly name: string;
  readonly namespace?: string;
  readonly description?: string;
  readonly format?: JsonObject;
}
/** A tool that runs at the service; `type` is its wire name. */
export interface HostedTool extends Located {
  readonly kind: 'hosted';
  readonly protocol: ProtocolId;
  readonly type: string;
  readonly raw: JsonObject;
}

export type ToolChoice =
  | { readonly type: 'auto' | 'required' | 'none' }
  | { readonly type: 'tool'; readonly name: string; readonly namespace?: string }
  /** A tool that runs at the client's own service; `name` is its wire type. */
  | { readonly type: 'hosted'; readonly name: string }
  | { readonly type: 'allowed'; readonly mode: 'auto' | 'required'; readonly names: readonly string[] };

export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly logitBias?: JsonObject;
}

export type OutputFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json-object' }
  | {
      readonly type: 'json-schema';
      readonly schema: JsonObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };
