import { fitRequest } from '../../src/fitting/fit-request.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { findObject, parseJson } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import { PROTOCOL_OF, UPSTREAM_TYPES } from '../../src/kernel/settings.ts';
import type { UpstreamType } from '../../src/kernel/settings.ts';
import type { ClientCodec } from '../../src/kernel/codec.ts';
import { viewOfObject } from '../../src/kernel/wire-object.ts';
import { protocols } from '../../src/protocols/registry.ts';
import type { Feature } from './features.ts';

/** What becomes of a feature: nothing is lost, these notes, or the field that a 400 names. */
function outcome(client: ClientCodec, type: UpstreamType, body: JsonObject): string {
  const { upstream } = protocols.byId(PROTOCOL_OF[type]);
  const losses = createLossLog();
  const capabilities = {};
  try {
    const exact = findObject(parseJson(JSON.stringify(body))) ?? {};
    const request = client.decodeRequest(exact, losses);
    const { issuer, toolRules, stopRule } = upstream;
    const fitted = fitRequest(request, {
      ...{ issuer, toolRules, stopRule },
      ...{ capabilities, losses, recall: () => undefined },
    });
    const wire = upstream.encodeRequest(fitted.request, { capabilities, losses, names: request.names });
    const wishes = { model: 'm', systemPrompt: '', reasoning: request.reasoning, fast: false, capabilities };
    upstream.overrides(viewOfObject(wire), wishes, losses);
  } catch (error) {
    if (error instanceof GatewayError) return `400 \`${error.details.param ?? ''}\``;
    throw error;
  }
  const notes = losses.summary();
  return notes === ''
    ? 'kept'
    : notes
        .split(',')
        .map((note) => `\`${note}\``)
        .join(' ');
}

/** A table of what each upstream makes of each feature of this client; the client's own format is relayed. */
export function lossTable(client: ClientCodec, base: JsonObject, features: readonly Feature[]): string {
  const types = UPSTREAM_TYPES.filter((type) => PROTOCOL_OF[type] !== client.protocol);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['asked for', ...types.map((type) => `\`${type}\``)]),
    row(['---', ...types.map(() => '---')]),
    ...features.map(({ name, body }) =>
      row([name, ...types.map((type) => outcome(client, type, { ...base, ...body }))]),
    ),
  ].join('\n');
}
