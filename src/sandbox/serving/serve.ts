import type { IncomingMessage, ServerResponse } from 'node:http';
import { deliver } from './deliver.ts';
import type { Pace } from './deliver.ts';
import type { Plan } from './plan.ts';
import type { Entry, RecordedRequest, RequestLog } from './request-log.ts';
import type { Router } from './router.ts';
import { scriptedPlan } from './script.ts';
import type { PlannedAnswer, Script } from './script.ts';
import type { Visit } from './visit.ts';

/** One request and the answer to come. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What every request is served with. */
export interface Kitchen {
  readonly log: RequestLog;
  readonly script: Script;
  readonly router: Router;
  readonly pace: Pace;
}

/** Records one request and answers it: by script, or as the router has it. Never rejects. */
export async function serve(
  { request, response }: Exchange,
  { log, script, router, pace }: Kitchen,
): Promise<void> {
  const end = log.begin();
  const leaving = watchForLeaving(response, end);
  const body = await readBody(request);
  const { method = '', url: path = '', headers } = request;
  const entry = log.record({ method, path, headers, body });
  leaving.tell(entry);
  const scripted = script.take({ path, headers });
  try {
    if (scripted !== undefined && 'handler' in scripted) {
      await scripted.handler(entry.request, response);
      return;
    }
    const plan = planFor(scripted, router, visitOf(entry.request, pace.clock.now()));
    if (plan.kind === 'reset' || (plan.kind === 'answer' && plan.ending === 'cut')) leaving.expect();
    await deliver(response, plan, pace);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`the sandbox failed: ${String(error)}`);
  }
}

function planFor(scripted: PlannedAnswer | undefined, router: Router, visit: Visit): Plan {
  if (scripted === undefined || 'good' in scripted) return router(visit, undefined);
  return 'failure' in scripted ? router(visit, scripted.failure) : scriptedPlan(scripted);
}

function watchForLeaving(
  response: ServerResponse,
  end: () => void,
): { readonly tell: (entry: Entry) => void; readonly expect: () => void } {
  let entry: Entry | undefined;
  let isOurs = false;
  let hasLeft = false;
  response.once('close', () => {
    hasLeft = !response.writableFinished && !isOurs;
    if (hasLeft) entry?.markClosed();
    end();
  });
  return {
    tell: (recorded) => {
      entry = recorded;
      if (hasLeft) recorded.markClosed();
    },
    expect: () => {
      isOurs = true;
    },
  };
}

/** The body as far as it came; a caller that leaves while sending it is seen by the response. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    const finish = (): void => resolve(Buffer.concat(chunks).toString('utf8'));
    request.on('error', () => undefined);
    request.once('end', finish).once('close', finish);
  });
}

function visitOf(request: RecordedRequest, now: number): Visit {
  const url = new URL(request.path, 'http://sandbox.invalid');
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header,
    body: request.body,
    now,
  };
}
