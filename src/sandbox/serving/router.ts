import type { JsonObject } from '../../kernel/json.ts';
import { chatDialect } from '../chat/dialect.ts';
import type { NextId } from '../counting-ids.ts';
import type { Dialect } from '../dialect.ts';
import type { FailureName } from '../failures.ts';
import { generateDialect } from '../generate/dialect.ts';
import type { UserManagement } from '../login/user-management.ts';
import { messagesDialect } from '../messages/dialect.ts';
import { countMessagesTokens } from '../messages/read.ts';
import { Refusal } from '../refusal.ts';
import { responsesDialect } from '../responses/dialect.ts';
import { requireBearer, requireFactoryHeaders, requireGoogleKey } from './admit.ts';
import { factoryEnvelope, plainVoice } from './envelope.ts';
import { ORGANIZATIONS, usageLimits, WHOAMI } from './factory-account.ts';
import { failurePlan } from './failure-plans.ts';
import { modelPlan, readCall } from './model-plan.ts';
import { jsonPlan, refusalPlan } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Visit } from './visit.ts';

/** Answers one request; `scripted` is a failure to play whatever it says. */
export type Router = (visit: Visit, scripted: FailureName | undefined) => Plan;

export interface RouterDeps {
  readonly users: UserManagement;
  readonly nextId: NextId;
  /** Whether tokens are counted; Factory answers 404. */
  readonly countsTokens: boolean;
}

type Serve = (visit: Visit, scripted: FailureName | undefined, match: RegExpExecArray) => Plan;
type Route = readonly [method: string, path: RegExp, serve: Serve];

export function createRouter(deps: RouterDeps): Router {
  const routes: readonly Route[] = [
    ['POST', /^\/api\/llm\/a\/v1\/messages$/, factoryModel(messagesDialect, deps)],
    ['POST', /^\/api\/llm\/o\/v1\/responses$/, factoryModel(responsesDialect, deps)],
    ['POST', /^\/api\/llm\/o\/v1\/chat\/completions$/, factoryModel(chatDialect, deps)],
    ['POST', /^\/api\/llm\/g\/v1\/generate$/, factoryModel(generateDialect, deps)],
    ['POST', /^\/v1beta\/models\/([^/]+):(streamGenerateContent|generateContent)$/, googleModel(deps)],
    ['POST', /^\/user_management\/authorize\/device$/, plain(({ body }) => deps.users.authorizeDevice(body))],
    ['POST', /^\/user_management\/authenticate$/, plain(({ body }) => deps.users.authenticate(body))],
    ['GET', /^\/device$/, plain(() => ({ message: 'Signed in to the sandbox. You can close this page.' }))],
    ['GET', /^\/api\/cli\/whoami$/, account(() => WHOAMI)],
    ['GET', /^\/api\/cli\/org$/, account(() => ORGANIZATIONS)],
    ['GET', /^\/api\/billing\/limits$/, account(({ now }) => usageLimits(now))],
    ...(deps.countsTokens ? [countRoute] : []),
  ];
  return (visit, scripted) => {
    try {
      return serve(routes, visit, scripted);
    } catch (error) {
      if (error instanceof Refusal) return refusalPlan(error);
      throw error;
    }
  };
}

function serve(routes: readonly Route[], visit: Visit, scripted: FailureName | undefined): Plan {
  for (const [method, path, answer] of routes) {
    const match = method === visit.method ? path.exec(visit.path) : null;
    if (match !== null) return answer(visit, scripted, match);
  }
  return jsonPlan(
    404,
    factoryEnvelope(404, 'Not Found', `There is nothing at ${visit.method} ${visit.path}.`),
  );
}

function factoryModel(dialect: Dialect, { nextId }: RouterDeps): Serve {
  return (visit, scripted) => {
    requireFactoryHeaders(visit);
    return modelPlan({ dialect, call: readCall(dialect, visit), nextId, now: visit.now, scripted });
  };
}

function googleModel({ nextId }: RouterDeps): Serve {
  return (visit, scripted, [, model = '', verb]) => {
    requireGoogleKey(visit);
    const stream = verb === 'streamGenerateContent';
    const call = readCall(generateDialect, visit, { model: decodeURIComponent(model), stream });
    const plan = modelPlan({ dialect: generateDialect, call, nextId, now: visit.now, scripted });
    return stream && visit.query.get('alt') !== 'sse' ? asJsonArray(plan) : plan;
  };
}

/** Without `alt=sse` Google streams the chunks as the elements of one JSON array. */
function asJsonArray(plan: Plan): Plan {
  if (plan.kind !== 'answer' || plan.status !== 200) return plan;
  const chunks = plan.pieces.map((piece) =>
    String(piece)
      .replace(/^data: /, '')
      .trim(),
  );
  const pieces = chunks.map((chunk, index) => `${index === 0 ? '[' : ',\n'}${chunk}`);
  return {
    ...plan,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    pieces: [...pieces, ']'],
  };
}

const countRoute: Route = [
  'POST',
  /^\/api\/llm\/a\/v1\/messages\/count_tokens$/,
  (visit, scripted) => {
    requireFactoryHeaders(visit);
    return bodyPlan(() => countMessagesTokens(readCall(messagesDialect, visit)), scripted);
  },
];

const plain =
  (body: (visit: Visit) => JsonObject): Serve =>
  (visit, scripted) =>
    bodyPlan(() => body(visit), scripted);

const account =
  (body: (visit: Visit) => JsonObject): Serve =>
  (visit, scripted) => {
    requireBearer(visit);
    return bodyPlan(() => body(visit), scripted);
  };

/** One JSON body; a failure that cuts it happens after `body` had its effect, as in a lost answer. */
function bodyPlan(body: () => JsonObject, scripted: FailureName | undefined): Plan {
  if (scripted === undefined) return jsonPlan(200, body());
  const tell = (): { opening: string[]; closing: string[]; whole: JsonObject } => ({
    opening: [],
    closing: [],
    whole: body(),
  });
  return failurePlan(scripted, { streams: false, voice: plainVoice, headers: {}, tell });
}
