import type { OverrideResult, Overrides } from '../../kernel/codec.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findString } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { mendHistory } from './mend-history.ts';
import { overrideReasoning } from './reasoning.ts';

const FAST_MODE = 'fast-mode-2026-02-01';

/** The operator's edits to a Messages body, which may be a client's own: what has a wrong type is left alone. */
export function overrides(view: WireView, wishes: Overrides, losses: Losses): OverrideResult {
  const { edits, addBetas = [], removeBetas = [] } = overrideReasoning(view, wishes, losses);
  return {
    edits: [
      { kind: 'set', key: 'model', value: wishes.model },
      ...prefixSystem(view, wishes.systemPrompt),
      mendHistory(wishes.capabilities),
      ...edits,
      ...(wishes.fast ? speedUp(view) : []),
    ],
    addBetas: wishes.fast ? [...addBetas, FAST_MODE] : addBetas,
    removeBetas,
  };
}

/** The prefix is a block of its own and unmarked: the few cache marks of a request are the client's. */
function prefixSystem(view: WireView, prefix: string): Edit[] {
  if (prefix === '') return [];
  const element = { type: 'text', text: prefix };
  switch (view.typeOf('system')) {
    case undefined:
    case 'null':
      return [{ kind: 'set', key: 'system', value: prefix }];
    case 'array':
      return [{ kind: 'unshift', key: 'system', element }];
    case 'string':
      return isBlank(view.read('system'))
        ? [{ kind: 'set', key: 'system', value: prefix }]
        : [wrapSystem(JSON.stringify(element))];
    default:
      return [];
  }
}

/** Blanks as a block of their own would be refused. */
const isBlank = (text: Json | undefined): boolean => findString(text)?.trim() === '';

const wrapSystem = (block: string): Edit => ({
  kind: 'wrap',
  key: 'system',
  before: `[${block},{"type":"text","text":`,
  after: '}]',
});

/** A client that names a speed has chosen. */
function speedUp(view: WireView): Edit[] {
  const type = view.typeOf('speed');
  return type === undefined || type === 'null' ? [{ kind: 'set', key: 'speed', value: 'fast' }] : [];
}
