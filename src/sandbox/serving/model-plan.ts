import { findJson, findObject } from '../../kernel/json.ts';
import { composeAnswer } from '../compose-answer.ts';
import type { NextId } from '../counting-ids.ts';
import type { Dialect, ModelCall, Told } from '../dialect.ts';
import { findFailure } from '../failures.ts';
import type { FailureName } from '../failures.ts';
import type { Question } from '../question.ts';
import { Refusal } from '../refusal.ts';
import { failurePlan } from './failure-plans.ts';
import { goodPlan } from './plan.ts';
import type { Plan, Scene } from './plan.ts';
import type { Visit } from './visit.ts';

/** A path that tells more than its dialect. */
export interface PathFacts {
  readonly model?: string | undefined;
  readonly stream?: boolean | undefined;
}

/** @throws Refusal 400 when the body is no JSON object. */
export function readCall(dialect: Dialect, visit: Visit, facts: PathFacts = {}): ModelCall {
  const body = findObject(findJson(visit.body));
  if (body === undefined) {
    throw new Refusal(400, dialect.voice.errorBody(400, 'The request body is not valid JSON.'));
  }
  const { model: pathModel, stream: pathStream } = facts;
  return { body, bodyText: visit.body, header: visit.header, pathModel, pathStream };
}

/** A request to a model, ready to be answered. */
export interface ModelRequest {
  readonly dialect: Dialect;
  readonly call: ModelCall;
  readonly nextId: NextId;
  /** Unix milliseconds. */
  readonly now: number;
  /** The failure to play whatever the request says. */
  readonly scripted: FailureName | undefined;
}

/** The answer to a model request, or the failure that was asked for. @throws Refusal for a request with a fault. */
export function modelPlan(request: ModelRequest): Plan {
  const { dialect, call, scripted } = request;
  if (scripted !== undefined)
    return failurePlan(
      scripted,
      sceneOf(request, () => dialect.read(call)),
    );
  const question = dialect.read(call);
  const scene = sceneOf(request, () => question);
  const failure = findFailure(question.model, question.text);
  return failure === undefined ? goodPlan(scene) : failurePlan(failure, scene);
}

function sceneOf({ dialect, call, nextId, now }: ModelRequest, ask: () => Question): Scene {
  return {
    streams: dialect.streams(call),
    voice: dialect.voice,
    headers: dialect.headers,
    tell: (): Told => {
      const question = ask();
      return dialect.tell({ question, answer: composeAnswer(question), call, nextId, now });
    },
  };
}
