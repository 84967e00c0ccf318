import { callAccountService } from './account-call.ts';
import type { AccountAnswer, AccountCallDeps } from './account-call.ts';

/** Posts a form to an account or OAuth service. */
export type PostForm = (
  url: string,
  form: Readonly<Record<string, string>>,
  timeoutMs: number,
) => Promise<AccountAnswer>;

/** The promise rejects with GatewayError `timeout` after `timeoutMs`, `bad-upstream` for every other network failure. */
export function createPostForm(deps: AccountCallDeps): PostForm {
  return (url, form, timeoutMs) =>
    callAccountService({ url, init: { method: 'POST', body: new URLSearchParams(form) }, timeoutMs }, deps);
}
