import type { Json, JsonObject, RawJson } from '../../kernel/json.ts';

/** Bytes in base64. */
interface WireBlob extends JsonObject {
  readonly mimeType: string;
  readonly data: string;
}

/** A file that Google fetches itself. */
interface WireFile extends JsonObject {
  readonly fileUri: string;
  readonly mimeType?: string;
}

/** An image or document, as a part of its own or inside a function's response. */
export interface WireMedia extends JsonObject {
  readonly inlineData?: WireBlob;
  readonly fileData?: WireFile;
}

interface WireFunctionCall extends JsonObject {
  readonly id?: string;
  readonly name: string;
  readonly args: RawJson | JsonObject;
}

interface WireFunctionResponse extends JsonObject {
  readonly id?: string;
  readonly name: string;
  readonly response: { readonly output: string } | { readonly error: string };
  readonly parts?: readonly WireMedia[];
}

export interface WirePart extends WireMedia {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: WireFunctionCall;
  readonly functionResponse?: WireFunctionResponse;
}

export interface WireContent extends JsonObject {
  readonly role: 'user' | 'model';
  readonly parts: readonly WirePart[];
}

/** Exactly one of the two schemas, or none for a function that takes nothing. */
export interface WireDeclaration extends JsonObject {
  readonly name: string;
  readonly description?: string;
  readonly parametersJsonSchema?: JsonObject;
  readonly parameters?: JsonObject;
}

export interface WireToolConfig extends JsonObject {
  readonly functionCallingConfig: {
    readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED';
    readonly allowedFunctionNames?: readonly string[];
  };
}

export interface WireGenerationConfig extends JsonObject {
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly responseLogprobs?: boolean;
  readonly logprobs?: number;
  readonly stopSequences?: readonly string[];
  readonly responseMimeType?: string;
  readonly responseJsonSchema?: JsonObject;
  readonly responseSchema?: JsonObject;
}

/** Thinking is asked for by level or by budget, never by both. */
export interface WireThinkingConfig extends JsonObject {
  readonly thinkingLevel?: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';
  readonly thinkingBudget?: number;
  readonly includeThoughts?: boolean;
}

/** The body of `generateContent`, without the model and what the operator adds. */
export interface WireRequest extends JsonObject {
  readonly contents: readonly WireContent[];
  readonly systemInstruction?: { readonly parts: readonly WirePart[] };
  readonly tools?: readonly { readonly functionDeclarations: readonly WireDeclaration[] }[];
  readonly toolConfig?: WireToolConfig;
  readonly generationConfig?: WireGenerationConfig;
  readonly serviceTier?: Json;
}
