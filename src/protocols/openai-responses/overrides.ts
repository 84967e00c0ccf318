import type { OverrideResult, Overrides } from '../../kernel/codec.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import type { Losses } from '../../kernel/losses.ts';
import { reasoningEdits } from './reasoning.ts';
import { reviseInput } from './revise-input.ts';

/** The operator's edits to a request of this dialect; never throws. */
export const overrides = (view: WireView, wishes: Overrides, losses: Losses): OverrideResult => ({
  edits: [
    { kind: 'set', key: 'model', value: wishes.model },
    reviseInput(wishes.capabilities),
    ...prefixEdits(view, wishes.systemPrompt),
    ...reasoningEdits(view, wishes, losses),
    ...(wishes.fast ? fastEdits(view) : []),
  ],
});

/** Instructions are not inherited from a stored response, so the prefix goes in front of every request's own. */
function prefixEdits(view: WireView, prefix: string): readonly Edit[] {
  if (prefix === '') return [];
  const key = 'instructions';
  switch (view.typeOf(key)) {
    case undefined:
    case 'null':
      return [{ kind: 'set', key, value: prefix }];
    case 'string':
      if (view.read(key) === '') return [{ kind: 'set', key, value: prefix }];
      return [{ kind: 'prefix', key, text: prefix.endsWith('\n\n') ? prefix : `${prefix}\n\n` }];
    default: // the client's own mistake, which the upstream will name
      return [];
  }
}

function fastEdits(view: WireView): readonly Edit[] {
  const tier = view.typeOf('service_tier');
  return tier === undefined || tier === 'null'
    ? [{ kind: 'set', key: 'service_tier', value: 'priority' }]
    : [];
}
