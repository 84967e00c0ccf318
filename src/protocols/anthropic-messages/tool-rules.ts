import type { ToolRules, WordRule } from '../../kernel/tool-rules.ts';

const ILLEGAL = /[^A-Za-z0-9_-]/g;

const NAMES: WordRule = { illegal: ILLEGAL, max: 128 };

/** No limit is known for ids; every service's own are far shorter than this. */
const IDS: WordRule = { illegal: ILLEGAL, max: 256 };

/** What Messages takes as names of tools and ids of calls; all its tools take JSON. */
export const TOOL_RULES: ToolRules = { names: NAMES, ids: IDS, customTools: false, allowedTools: false };
