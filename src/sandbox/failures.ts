/** Every failure that the sandbox can play, each with what the gateway gets to see. */
export const SANDBOX_FAILURES = {
  'refused-401': 'answers 401: the access token is expired or revoked',
  'quota-402': 'answers 402: the usage window is spent and resets in 1h 51min',
  'forbidden-403': 'answers 403: the organisation is not accessible',
  'missing-404': 'answers 404: there is no such model',
  'throttled-429': 'answers 429 with retry-after: 7',
  'overloaded-529': 'answers 529: overloaded',
  'server-500': 'answers 500 in the words of the dialect',
  'html-502': 'answers 502 with an HTML page of some balancer',
  'empty-503': 'answers 503 without a body',
  'json-not-json': 'answers 200 with a JSON body that breaks off in a string',
  'error-event-first': 'answers 200 and then an error as the first event',
  'cut-before-first': 'answers 200 and closes the connection before the first event',
  'cut-middle': 'closes the connection in the middle of an event',
  'end-without-terminal': 'ends the stream in good order, without the event that says so',
  silent: 'never answers',
  stall: 'sends half of a good answer and then nothing more',
  'slow-first-byte': 'answers well after a long silence',
  'unknown-events': 'mixes events of unknown kinds and comments into a good answer',
  crlf: 'ends every line of a good answer with CR LF',
  'byte-by-byte': 'sends a good answer in packets of one byte',
  'json-for-stream': 'answers in one JSON body although a stream was asked for',
  'sse-for-json': 'streams although one JSON body was asked for',
  gzip: 'compresses a good answer although nobody asked for it',
  'reset-on-connect': 'resets the connection before a byte of the answer',
} as const;

export type FailureName = keyof typeof SANDBOX_FAILURES;

const isFailureName = (name: string): name is FailureName => Object.hasOwn(SANDBOX_FAILURES, name);

/** The failure that a caller asks for: a model id that ends in `-fail-<name>`, or `fail:<name>` in the user's text. */
export function findFailure(model: string, text: string): FailureName | undefined {
  const names = [/-fail-([a-z0-9-]+)$/.exec(model)?.[1], /\bfail:([a-z0-9-]+)/.exec(text)?.[1]];
  return names.find((name) => name !== undefined && isFailureName(name));
}
