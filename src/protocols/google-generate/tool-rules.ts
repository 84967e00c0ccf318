import type { ToolRules } from '../../kernel/tool-rules.ts';

/** Names as Google checks them; it takes any call id back that it gave. */
export const toolRules: ToolRules = {
  names: { illegal: /[^A-Za-z0-9_.:-]/g, first: /^[A-Za-z_]/, max: 128 },
  ids: { illegal: /\p{Cc}/gu, max: 256 },
  customTools: false,
  allowedTools: true,
};
