import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRequest } from '../../src/fitting/fit-request.ts';
import type { FitContext, Fitted } from '../../src/fitting/fit-request.ts';

import { isOwnState } from '../../src/fitting/own-state.ts';
import type { CallMemory } from '../../src/fitting/recall-state.ts';
import type { ChatRequest, CustomTool, FunctionTool, Tool, Turn } from '../../src/kernel/conversation.ts';
import { opaque as anyOpaque } from '../support/arbitrary-events.ts';
import { anyTurns, textsOf } from '../support/arbitrary-turns.ts';
import { emptyRequest } from '../support/empty-request.ts';
import { assistant, call, callsOf, isLegal, NARROW, recordedLosses, result, resultsOf } from './support.ts';
import { state, text, tool, user, WIDE } from './support.ts';

const fn = (name: string): FunctionTool => ({ kind: 'function', at: 'tools[0]', name });
const patch: CustomTool = { kind: 'custom', at: 'tools[1]', name: 'f', namespace: 'm.m' };
const hosted: Tool = { kind: 'hosted', at: 'tools[2]', protocol: 'openai-responses', type: 'x', raw: {} };

const anyTools: fc.Arbitrary<readonly Tool[]> = fc.subarray<Tool>([
  ...[fn('f'), fn('a.b'), fn('a_b'), fn('z'.repeat(200)), patch, hosted],
]);

const anyRequest: fc.Arbitrary<ChatRequest> = fc
  .tuple(anyTurns, anyTools)
  .map(([turns, tools]) => ({ ...emptyRequest, turns, tools }));

const anyMemory: fc.Arbitrary<CallMemory | undefined> = fc.option(
  fc.record({ reasoning: fc.constant([]), opaque: anyOpaque }),
  { nil: undefined },
);

const CONTEXT: FitContext = {
  issuer: 'us',
  toolRules: NARROW,
  stopRule: { max: 4, blank: true },
  capabilities: {},
  losses: recordedLosses().losses,
  recall: () => undefined,
};

const fit = (request: Partial<ChatRequest>, context: Partial<FitContext> = {}): Fitted =>
  fitRequest({ ...emptyRequest, ...request }, { ...CONTEXT, ...context });

/** Checks something of any request, fitted to either set of rules. */
const holds = (check: (fitted: Fitted, request: ChatRequest, context: FitContext) => void): void =>
  fc.assert(
    fc.property(anyRequest, fc.constantFrom(NARROW, WIDE), anyMemory, (request, toolRules, memory) => {
      const context = { ...CONTEXT, toolRules, recall: () => memory };
      check(fitRequest(request, context), request, context);
    }),
    { numRuns: 500 },
  );

const rolesOf = (turns: readonly Turn[]): string => turns.map(({ role }) => role.charAt(0)).join('');

describe('whatever comes in, a fitted request', () => {
  it('has one tool turn behind every turn with calls, which answers each in order, and no other', () => {
    holds(({ request: { turns } }) => {
      const before = turns.map((turn, index) => (turn.role === 'tool' ? turns[index - 1] : undefined));
      const answered = before.filter((turn) => turn !== undefined);
      expect(resultsOf(turns).map(({ callId, name, callKind }) => [callId, name, callKind])).toEqual(
        callsOf(answered).map(({ id, name, callKind }) => [id, name, callKind]),
      );
      expect(callsOf(answered)).toHaveLength(callsOf(turns).length);
    });
  });

  it('has no assistant turns that follow each other', () => {
    holds(({ request: { turns } }) => {
      expect(rolesOf(turns)).not.toMatch(/aa|tt|^t/);
    });
  });

  it('has legal ids, each of them once', () => {
    holds(({ request: { turns } }, _request, { toolRules }) => {
      const ids = callsOf(turns).map(({ id }) => id);
      expect(ids.filter((id) => !isLegal(id, toolRules.ids))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  it('has legal names of tools and calls, those of tools once each, and no namespaces', () => {
    holds(({ request: { tools, turns } }, _request, { toolRules }) => {
      const calls = callsOf(turns);
      const names = tools.map((each) => (each.kind === 'hosted' ? '' : each.name));
      const illegal = [...names, ...calls.map(({ name }) => name)].filter(
        (name) => !isLegal(name, toolRules.names),
      );
      expect(illegal).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      expect([...tools, ...calls].filter((each) => 'namespace' in each)).toEqual([]);
    });
  });

  it('has free-text tools and calls only where the dialect knows them', () => {
    holds(({ request: { tools, turns } }, _request, { toolRules }) => {
      const custom = [
        ...tools.filter(({ kind }) => kind === 'custom'),
        ...[...callsOf(turns), ...resultsOf(turns)].filter(({ callKind }) => callKind === 'custom'),
      ];
      expect(custom.length > 0 && !toolRules.customTools).toBe(false);
    });
  });

  it('has no state but its own', () => {
    holds(({ request: { turns } }) => {
      const parts = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
      const states = parts.flatMap((part) => ('opaque' in part ? [part.opaque] : []));
      expect(states.filter((opaque) => !isOwnState(opaque, CONTEXT))).toEqual([]);
    });
  });

  it('has lost no text of anyone', () => {
    holds(({ request: { turns } }, request) => {
      expect(textsOf(turns)).toEqual(textsOf(request.turns));
    });
  });

  it('knows every tool of the client behind a name that was changed', () => {
    holds(({ restored }, request) => {
      const own = request.tools.flatMap((each) =>
        each.kind === 'hosted' ? [] : [`${each.namespace ?? ''} ${each.name}`],
      );
      const found = [...restored.values()].map(({ namespace = '', name }) => `${namespace} ${name}`);
      expect(found.filter((name) => !own.includes(name))).toEqual([]);
      expect(new Set(found).size).toBe(found.length);
    });
  });
});

describe('fitRequest', () => {
  it('begins a longer conversation as it did before, so that prompt caches hold', () => {
    fc.assert(
      fc.property(anyRequest, anyTurns, (request, more) => {
        const first = [...request.turns, user('end')];
        const early = fit({ ...request, turns: first }).request.turns;
        const late = fit({
          ...request,
          turns: [...first, assistant(text('new')), ...withoutResults(more)],
        }).request;
        expect(late.turns.slice(0, early.length)).toEqual(early);
      }),
      { numRuns: 300 },
    );
  });

  it('recalls state before it is sorted out, and so only for its own service, C064', () => {
    const turns = [user('q'), assistant(call('a')), tool(result('a', 'r'))];
    const recall =
      (opaque: CallMemory['opaque']): (() => CallMemory) =>
      () => ({
        ...{ reasoning: [] },
        ...(opaque !== undefined && { opaque }),
      });
    const own = fit({ turns }, { recall: recall(state('s')) }).request.turns;
    const foreign = fit({ turns }, { recall: recall(state('s', { issuer: 'them' })) }).request.turns;
    expect([callsOf(own)[0]?.opaque, callsOf(foreign)[0]]).toEqual([state('s'), call('a')]);
  });

  it('leaves out a turn of which nothing is left', () => {
    const foreign = state('s', { issuer: 'them', kind: 'redacted' });
    const turns = [user('q'), assistant({ kind: 'reasoning', opaque: foreign }), user('r')];
    expect(rolesOf(fit({ turns }).request.turns)).toBe('uu');
  });

  it('touches nothing else of a request', () => {
    const request = {
      ...emptyRequest,
      system: [{ role: 'system', text: 'x' }],
      maxTokens: 7,
      stop: ['s'],
    } as const;
    expect(fit(request).request).toEqual(request);
  });
});

/** A result that comes late changes what stood there for it. */
const withoutResults = (turns: readonly Turn[]): readonly Turn[] =>
  turns.filter(({ role }) => role !== 'tool');
