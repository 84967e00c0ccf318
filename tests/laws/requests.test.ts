import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInCapabilities } from '../../src/config/capability-table.ts';
import { fitRequest } from '../../src/fitting/fit-request.ts';
import type { ChatRequest, ProtocolId } from '../../src/kernel/conversation.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { writeJson, parseJson, findObject } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import { applyEdits, viewOfObject } from '../../src/kernel/wire-object.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { chatDialect } from '../../src/sandbox/chat/dialect.ts';
import type { Dialect } from '../../src/sandbox/dialect.ts';
import { generateDialect } from '../../src/sandbox/generate/dialect.ts';
import { messagesDialect } from '../../src/sandbox/messages/dialect.ts';
import { Refusal } from '../../src/sandbox/refusal.ts';
import { responsesDialect } from '../../src/sandbox/responses/dialect.ts';
import { anyRequest } from '../support/arbitrary-request.ts';

/** Each wire format as its strictest service reads it. */
const SERVICES: Readonly<Record<ProtocolId, Dialect>> = {
  'anthropic-messages': messagesDialect,
  'openai-responses': responsesDialect,
  'openai-chat': chatDialect,
  'google-generate': generateDialect,
};

const MODELS: readonly (readonly [ProtocolId, string])[] = [
  ['anthropic-messages', 'claude-opus-4-5-20251101'],
  ['anthropic-messages', 'claude-opus-4-8'],
  ['anthropic-messages', 'claude-sonnet-4-6'],
  ['anthropic-messages', 'unknown'],
  ['openai-responses', 'gpt-5.2'],
  ['openai-responses', 'gpt-6-astra'],
  ['openai-responses', 'unknown'],
  ['openai-chat', 'glm-4.6'],
  ['openai-chat', 'deepseek-v4.1-flash'],
  ['openai-chat', 'unknown'],
  ['google-generate', 'gemini-3-pro-preview'],
  ['google-generate', 'gemini-2.5-flash'],
  ['google-generate', 'unknown'],
];

/** The body that goes upstream; `undefined` when the gateway refuses the request by itself. */
function bodyFor(request: ChatRequest, id: ProtocolId, model: string): JsonObject | undefined {
  const { upstream } = protocols.byId(id);
  const { issuer, toolRules, stopRule } = upstream;
  const capabilities = builtInCapabilities(model);
  const losses = createLossLog();
  try {
    const context = { issuer, toolRules, stopRule, capabilities, losses, recall: () => undefined };
    const fitted = fitRequest(request, context).request;
    const body = upstream.encodeRequest(fitted, { capabilities, losses, names: request.names });
    const { reasoning } = request;
    const wishes = { model, systemPrompt: '', reasoning, fast: false, capabilities };
    const { edits } = upstream.overrides(viewOfObject(body), wishes, losses);
    return applyEdits(
      body,
      edits.filter(({ kind }) => kind !== 'revise'),
    );
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** What the service has against a body; `undefined` when it takes it. */
function refusalOf(id: ProtocolId, body: JsonObject): string | undefined {
  const bodyText = writeJson(body);
  const wire = findObject(parseJson(bodyText)) ?? {};
  try {
    SERVICES[id].read({
      body: wire,
      bodyText,
      header: () => 'any',
      pathModel: undefined,
      pathStream: undefined,
    });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return writeJson(error.body);
    throw error;
  }
}

describe.each(MODELS)('requests for %s, model %s', (id, model) => {
  it('C174 are refused with a reason or taken by the service, whatever they ask', () => {
    const family = builtInCapabilities(model).family ?? '';
    fc.assert(
      fc.property(anyRequest(family), (request) => {
        const body = bodyFor(request, id, model);
        expect(body && refusalOf(id, body)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('C174 are mostly taken', () => {
    const family = builtInCapabilities(model).family ?? '';
    const requests = fc.sample(anyRequest(family), { numRuns: 200, seed: 1 });
    const bodies = requests.filter((request) => bodyFor(request, id, model) !== undefined);
    expect(bodies.length).toBeGreaterThan(60);
  });
});
