import type { JsonObject } from '../kernel/json.ts';
import type { Answer } from './answer.ts';
import type { NextId } from './counting-ids.ts';
import type { Question } from './question.ts';

/** One request to a model route. */
export interface ModelCall {
  readonly body: JsonObject;
  /** The length of the body tells the prompt tokens. */
  readonly bodyText: string;
  readonly header: (name: string) => string | undefined;
  /** The model of a path that names one. */
  readonly pathModel: string | undefined;
  /** A path that streams whatever the body says; `undefined` leaves it to the body. */
  readonly pathStream: boolean | undefined;
}

/** Everything that an answer on the wire is made of. */
export interface Story {
  readonly question: Question;
  readonly answer: Answer;
  readonly call: ModelCall;
  readonly nextId: NextId;
  /** Unix milliseconds. */
  readonly now: number;
}

/** One answer, told as a stream and as a whole, with the same ids. */
export interface Told {
  /** Events as wire text, one each; in `closing` those that say how it ended. */
  readonly opening: readonly string[];
  readonly closing: readonly string[];
  readonly whole: JsonObject;
}

/** How a dialect speaks of failures, and of what no client knows. */
export interface Voice {
  readonly errorBody: (status: number, message: string) => JsonObject;
  /** An error in a stream that began with 200, as wire text. */
  readonly errorEvent: (status: number, message: string) => string;
  /** An event of a kind that does not exist yet, as wire text. */
  readonly newsEvent: string;
}

/** One wire format, as the service that speaks it. */
export interface Dialect {
  readonly voice: Voice;
  /** Whether the caller asks for a stream. */
  readonly streams: (call: ModelCall) => boolean;
  /** @throws Refusal 400 for what the real service refuses. */
  readonly read: (call: ModelCall) => Question;
  readonly tell: (story: Story) => Told;
  /** Headers of a good answer. */
  readonly headers: Readonly<Record<string, string>>;
}
