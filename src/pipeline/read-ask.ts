import { invalidField } from '../kernel/gateway-error.ts';
import type { WireView } from '../kernel/edit.ts';

/** The two fields of a request that every route needs before anything else. */
export interface Ask {
  readonly model: string;
  /** The client's word; `undefined` when it said nothing. */
  readonly stream: boolean | undefined;
}

/** @throws GatewayError `invalid-request` naming `model` or `stream`. */
export function readAsk(view: WireView): Ask {
  const model = view.typeOf('model') === 'string' ? view.read('model') : undefined;
  if (view.typeOf('model') === undefined)
    throw invalidField('model', 'is required', 'missing_required_parameter');
  if (typeof model !== 'string') throw invalidField('model', 'must be a string', 'invalid_type');
  if (model.trim() === '') throw invalidField('model', 'must not be empty');
  const stream = view.typeOf('stream');
  if (stream === undefined || stream === 'null') return { model, stream: undefined };
  if (stream !== 'boolean') throw invalidField('stream', 'must be true or false', 'invalid_type');
  return { model, stream: view.read('stream') === true };
}
