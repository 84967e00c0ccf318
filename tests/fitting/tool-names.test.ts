import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { legalName } from '../../src/fitting/legal-word.ts';
import { createToolNames } from '../../src/fitting/tool-names.ts';
import type { CustomTool, FunctionTool } from '../../src/kernel/conversation.ts';
import { isLegal, NARROW } from './support.ts';

const RULE = NARROW.names;

const fn = (name: string, more: Partial<FunctionTool> = {}): FunctionTool => ({
  ...{ kind: 'function', at: 'tools[0]', name },
  ...more,
});
const custom: CustomTool = { kind: 'custom', at: 'tools[7]', name: 'patch' };

/** The wire names of these tools, in order. */
const wireNames = (...tools: readonly (FunctionTool | CustomTool)[]): readonly string[] => {
  const { wireName } = createToolNames(tools, RULE);
  return tools.map(wireName);
};

const matching = (each: string | RegExp): unknown =>
  typeof each === 'string' ? each : expect.stringMatching(each);

describe('createToolNames', () => {
  it('gives every tool a legal name of its own', () => {
    const long = 'x'.repeat(64);
    const name = fc.constantFrom(
      'a.b',
      'a_b',
      'a b',
      'a/b',
      'ab',
      long,
      `${long}1`,
      legalName(`${long}1`, RULE),
      'a__b',
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), fc.array(name), (offered, called) => {
        const { wireName } = createToolNames(
          offered.map((each) => fn(each)),
          RULE,
        );
        const all = new Set([...offered, ...called]);
        const wire = [...all].map((each) => wireName({ name: each }));
        expect(wire.filter((each) => !isLegal(each, RULE))).toEqual([]);
        expect(new Set(wire).size).toBe(all.size);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a name the same form on every request and in every place', () => {
    const { wireName } = createToolNames([fn('a.b'), fn('a/b')], RULE);
    const first = ['a.b', 'a/b', 'gone.b'].map((name) => wireName({ name }));
    expect(['gone.b', 'a/b', 'a.b'].map((name) => wireName({ name }))).toEqual(first.toReversed());
    expect(wireNames(fn('a.b'), fn('a/b'))).toEqual(first.slice(0, 2));
  });

  it.each<[string, string[], (string | RegExp)[]]>([
    ['leaves legal names alone', ['read_file', 'b'], ['read_file', 'b']],
    ['rewrites one that is not legal', ['mcp.read'], ['mcp_read']],
    ['hashes the second of two that become the same', ['a.b', 'a/b'], ['a_b', /^a_b_[0-9a-f]{8}$/]],
    ['lets a legal name stand, wherever it is', ['a.b', 'a_b'], [/^a_b_[0-9a-f]{8}$/, 'a_b']],
    ['shortens one that is too long, C081', ['a.b'.repeat(30)], [/^(?:a_b){18}a_[0-9a-f]{8}$/]],
  ])('%s', (_name, names, expected) => {
    const wire = wireNames(...names.map((name) => fn(name)));
    expect(wire).toEqual(expected.map(matching));
  });

  it('makes a namespace part of the name, C076', () => {
    expect(wireNames(fn('read', { namespace: 'mcp__files' }), fn('read'))).toEqual([
      'mcp__files__read',
      'read',
    ]);
  });

  it('knows the calls of a tool by name and namespace', () => {
    const { wireName } = createToolNames([fn('read', { namespace: 'a.b' })], RULE);
    expect([wireName({ name: 'read', namespace: 'a.b' }), wireName({ name: 'read' })]).toEqual([
      'a_b__read',
      'read',
    ]);
  });

  it('does not give the name of an offered tool to a call of one that is not on offer', () => {
    const { wireName } = createToolNames([fn('a.b')], RULE);
    expect([wireName({ name: 'a.b' }), wireName({ name: 'a_b' })]).toEqual([
      'a_b',
      expect.stringMatching(/^a_b_/),
    ]);
  });

  it('takes a tool that was sent twice once', () => {
    const tool = fn('a', { schema: { type: 'object' }, description: 'd' });
    const { distinct } = createToolNames([tool, custom, { ...tool, at: 'tools[2]' }], RULE);
    expect(distinct).toEqual([tool, custom]);
  });

  it.each<[string, FunctionTool | CustomTool, FunctionTool | CustomTool, string]>([
    [
      'a child of a namespace and a tool, C077',
      fn('ns__read', { at: 'tools[0]' }),
      fn('read', { at: 'tools[1].tools[0]', namespace: 'ns' }),
      'tools[1].tools[0].name: "read" of the namespace "ns" has the name of another tool, "ns__read" (tools[0])',
    ],
    [
      'two functions that differ',
      fn('a', { description: 'one' }),
      fn('a', { at: 'tools[1]', description: 'two' }),
      'tools[1].name: "a" has the name of another tool, "a" (tools[0])',
    ],
    [
      'tools of two kinds',
      custom,
      fn('patch', { at: 'tools[8]' }),
      'tools[8].name: "patch" has the name of another tool, "patch" (tools[7])',
    ],
  ])('refuses one name for %s, and names both', (_name, first, second, message) => {
    expect(() => createToolNames([first, second], RULE)).toThrow(
      expect.objectContaining({ kind: 'invalid-request', status: 400, message }),
    );
  });
});
