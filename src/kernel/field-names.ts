/** What a client may have asked for and a target may be unable to carry. */
export type NamedField =
  | 'cacheKey'
  | 'cacheMark'
  | 'endUser'
  | 'format'
  | 'frequencyPenalty'
  | 'logitBias'
  | 'logprobs'
  | 'maxTokens'
  | 'messages'
  | 'metadata'
  | 'parallelToolCalls'
  | 'presencePenalty'
  | 'reasoning'
  | 'seed'
  | 'serviceTier'
  | 'stop'
  | 'store'
  | 'strict'
  | 'temperature'
  | 'toolChoice'
  | 'tools'
  | 'topK'
  | 'topP'
  | 'verbosity';

/** One dialect's words for these, as its clients write them (`stop_sequences`, `text.format`). */
export type FieldNames = Readonly<Record<NamedField, string>>;
