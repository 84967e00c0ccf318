/** A tool call as the sandbox makes it; `arguments` is JSON text, or free text for a custom tool. */
export interface ToolCall {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly kind: 'function' | 'custom';
  readonly arguments: string;
}

/** Tokens of one exchange; `prompt` includes what was read from the cache or written to it. */
export interface Usage {
  readonly prompt: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Includes the reasoning. */
  readonly output: number;
  readonly reasoning: number;
}

export type Stop = 'end' | 'tool-call' | 'length' | 'stop-sequence';

/** What the model of the sandbox says, before a dialect puts it into its own words. */
export interface Answer {
  /** Its thoughts, a sentence each; empty when it did not reason. */
  readonly thoughts: readonly string[];
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly stop: Stop;
  readonly stopSequence: string | undefined;
  readonly usage: Usage;
}
