import type { Capabilities } from '../kernel/capabilities.ts';

/** What is known of the models whose line fits one of the patterns; `*` stands for any run of characters. */
export interface ModelRule {
  readonly lines: readonly string[];
  readonly capabilities: Capabilities;
}
