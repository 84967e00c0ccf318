import { describe, expect, it } from 'vitest';
import { startAccountGateway } from '../support/account-gateway.ts';
import { postJson } from '../support/gateway.ts';

const QUESTION = { model: 'claude', messages: [{ role: 'user', content: 'Hello' }] };

describe('a count of tokens', () => {
  it('that the service does not offer is estimated, and no failure of the account', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    const answer = await postJson(`${gateway.url}/v1/messages/count_tokens`, QUESTION);
    expect(answer.status).toBe(200);
    expect(answer.headers['x-droid2api-estimated']).toBe('true');
    expect(gateway.payers()).toEqual(['a']);
    const [fate] = await gateway.fates();
    expect(fate).toMatchObject({ failures: {}, parked: [], health: 100 });
  });

  it('that the service offers is passed on', async () => {
    const gateway = await startAccountGateway({ count: 1, sandbox: { countTokens: true } });
    const answer = await postJson(`${gateway.url}/v1/messages/count_tokens`, QUESTION);
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('x-droid2api-estimated');
    expect((await gateway.fates())[0]).toMatchObject({ failures: {}, parked: [], health: 100 });
  });

  it('that is refused for its account goes on with another', async () => {
    const gateway = await startAccountGateway({ count: 2, sandbox: { countTokens: true } });
    gateway.sandbox.script({ failure: 'quota-402' });
    const answer = await postJson(`${gateway.url}/v1/messages/count_tokens`, QUESTION);
    expect(answer.status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'b']);
  });
});
