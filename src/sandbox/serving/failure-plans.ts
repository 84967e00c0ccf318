import { gzipSync } from 'node:zlib';
import { encodeComment } from '../../sse/encode.ts';
import type { FailureName } from '../failures.ts';
import { factoryEnvelope } from './envelope.ts';
import { goodPlan, jsonPlan, ssePlan, textPlan } from './plan.ts';
import type { AnswerPlan, Plan, Scene } from './plan.ts';

const OVERLOADED = 'Overloaded';
const SPENT =
  'You have reached your 5-hour limit for the standard pool. It resets in 1h 51min. Switch to Droid Core or enable extra usage.';
const PAGE = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** What the sandbox does in place of the good answer. */
const PLANS: Readonly<Record<FailureName, (scene: Scene) => Plan>> = {
  'refused-401': () =>
    jsonPlan(401, factoryEnvelope(401, 'Unauthorized', 'The access token is expired or revoked.')),
  'quota-402': quotaPlan,
  'forbidden-403': refused(403, 'The active organization is not accessible.'),
  'missing-404': refused(404, 'The model does not exist or you do not have access to it.'),
  'throttled-429': refused(429, 'Rate limit reached. Please try again in 7s.', { 'retry-after': '7' }),
  'overloaded-529': refused(529, OVERLOADED),
  'server-500': refused(500, 'The service had an error while processing your request.'),
  'html-502': () => textPlan(502, 'text/html', PAGE),
  'empty-503': () => textPlan(503, 'text/plain', ''),
  'json-not-json': () => textPlan(200, 'application/json', '{"id":"sandbox","text":"this never ends'),
  'error-event-first': errorFirstPlan,
  'cut-before-first': (scene) => ({ ...goodPlan(scene), pieces: [], ending: 'cut' }),
  'cut-middle': (scene) => {
    const plan = goodPlan(scene);
    return { ...plan, pieces: halfOf(plan.pieces), ending: 'cut' };
  },
  'end-without-terminal': endlessPlan,
  silent: () => ({ kind: 'silent' }),
  stall: (scene) => {
    const plan = goodPlan(scene);
    const whole = plan.pieces.slice(0, Math.ceil(plan.pieces.length / 2));
    return { ...plan, pieces: scene.streams ? whole : halfOf(plan.pieces), ending: 'hang' };
  },
  'slow-first-byte': (scene) => ({ ...goodPlan(scene), isSlow: true }),
  'unknown-events': newsPlan,
  crlf: (scene) => {
    const plan = goodPlan(scene);
    return { ...plan, pieces: plan.pieces.map((piece) => textOf(piece).replaceAll('\n', '\r\n')) };
  },
  'byte-by-byte': (scene) => {
    const plan = goodPlan(scene);
    const bytes = Buffer.from(plan.pieces.map(textOf).join(''));
    return { ...plan, pieces: Array.from(bytes, (byte) => Uint8Array.of(byte)), apart: true };
  },
  'json-for-stream': (scene) => goodPlan(scene, false),
  'sse-for-json': (scene) => goodPlan(scene, true),
  gzip: (scene) => {
    const plan = goodPlan(scene);
    const headers = { ...plan.headers, 'content-encoding': 'gzip' };
    return { ...plan, headers, pieces: [gzipSync(plan.pieces.map(textOf).join(''))] };
  },
  'reset-on-connect': () => ({ kind: 'reset' }),
};

/** The plan of a failure. @throws Refusal where it needs a good answer and the request deserves none. */
export const failurePlan = (name: FailureName, scene: Scene): Plan => PLANS[name](scene);

function refused(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): (scene: Scene) => Plan {
  return (scene) => jsonPlan(status, scene.voice.errorBody(status, message), headers);
}

/** Streaming callers find the same fields once more under `error`. */
function quotaPlan(scene: Scene): Plan {
  const envelope = factoryEnvelope(402, 'Payment Required', SPENT);
  return jsonPlan(402, scene.streams ? { ...envelope, error: envelope } : envelope);
}

function errorFirstPlan(scene: Scene): Plan {
  if (scene.streams) return ssePlan([scene.voice.errorEvent(529, OVERLOADED)], scene.headers);
  return jsonPlan(200, scene.voice.errorBody(529, OVERLOADED), scene.headers);
}

function endlessPlan(scene: Scene): Plan {
  if (scene.streams) return ssePlan(scene.tell().opening, scene.headers);
  const plan = goodPlan(scene);
  return { ...plan, pieces: halfOf(plan.pieces) };
}

function newsPlan(scene: Scene): Plan {
  const told = scene.tell();
  if (!scene.streams)
    return jsonPlan(200, { ...told.whole, sandbox_news: 'a field of next year' }, scene.headers);
  const [first = '', ...rest] = told.opening;
  const news = [encodeComment('a comment'), scene.voice.newsEvent];
  return ssePlan([first, ...news, ...rest, ...news, ...told.closing], scene.headers);
}

const textOf = (piece: AnswerPlan['pieces'][number]): string =>
  typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8');

/** The first half of the pieces, the last of them only to its middle. */
function halfOf(pieces: AnswerPlan['pieces']): readonly string[] {
  const count = Math.ceil(pieces.length / 2);
  const texts = pieces.slice(0, count).map(textOf);
  const last = texts.at(-1) ?? '';
  return [...texts.slice(0, -1), last.slice(0, Math.ceil(last.length / 2))];
}
