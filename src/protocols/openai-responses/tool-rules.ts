import type { ToolRules } from '../../kernel/tool-rules.ts';

const ILLEGAL = /[^A-Za-z0-9_-]/g;

/** Names and ids as the service checks them; free-text tools and choices among some of the tools are its own forms. */
export const toolRules: ToolRules = {
  names: { illegal: ILLEGAL, max: 64 },
  ids: { illegal: ILLEGAL, max: 64 },
  customTools: true,
  allowedTools: true,
};
