import type { Capabilities } from '../../kernel/capabilities.ts';
import { CARRIER_MARK } from '../../kernel/carrier.ts';
import type { Edit } from '../../kernel/edit.ts';
import { FOREIGN_ID_MARK, mendCallIds } from './mend-call-ids.ts';
import { restoreThinking } from './restore-thinking.ts';

/** Makes the history of a client that was also answered by other services one that this model's service takes. */
export const mendHistory = (capabilities: Capabilities): Edit => ({
  kind: 'revise',
  key: 'messages',
  marks: [CARRIER_MARK, FOREIGN_ID_MARK],
  revise: (message) => mendCallIds(restoreThinking(message, capabilities)),
});
