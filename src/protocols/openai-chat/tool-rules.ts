import type { ToolRules } from '../../kernel/tool-rules.ts';

/** What every vendor of this dialect takes; OpenAI alone knows tools for free text, and choices among some tools. */
export const TOOL_RULES: ToolRules = {
  names: { illegal: /[^A-Za-z0-9_-]/g, max: 64 },
  ids: { illegal: /[^A-Za-z0-9_.:-]/g, max: 64 },
  customTools: false,
  allowedTools: false,
};
