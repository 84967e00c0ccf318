import type { SystemText } from '../../kernel/conversation.ts';

/** The line that Claude Code puts before its prompt; its nonce changes with every request. */
const BILLING_LINE = /^\s*x-anthropic-billing-header:[^\n]*\n*/;

/** The system texts without the billing line in front, which would keep every other service from caching the prompt. */
export function withoutBillingLine(system: readonly SystemText[]): readonly SystemText[] {
  const [first, ...others] = system;
  if (first === undefined) return system;
  const text = first.text.replace(BILLING_LINE, '');
  return text === '' ? others : [{ ...first, text }, ...others];
}
