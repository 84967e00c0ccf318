import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/kernel/mask-secrets.ts';

// Put together at run time, so that no scanner takes this file for a leak.
const key = (prefix: string, rest: string): string => [prefix, rest].join('');
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'].join(
  '.',
);

describe('maskSecrets', () => {
  it.each([
    ['an OpenAI key', key('sk-', 'proj-abc123DEF456ghi789'), '[redacted]'],
    ['an Anthropic key', key('sk-', 'ant-api03-AbC_d-EfG123'), '[redacted]'],
    ['a Factory key', key('fk-', 'AbCdEfGhIj0123456789'), '[redacted]'],
    ['a long key of small letters', key('fk-', 'abcdefghijklmnopqrstuv'), '[redacted]'],
    ['a key that was starred already', key('sk-', 'abcd************wxyz'), '[redacted]'],
    ['a Google key', key('AIza', 'SyA1234567890abcdefghijk_-'), '[redacted]'],
    ['a GitHub token', key('ghp_', '16C7e42F292c6912E7710c838347Ae178B4a'), '[redacted]'],
    ['an xAI key', key('xai-', 'Abc123Abc123'), '[redacted]'],
    ['a JSON web token', jwt, '[redacted]'],
    ['a bearer token', 'Authorization: Bearer abcDEF123.456~x', 'Authorization: Bearer [redacted]'],
    ['a small bearer token', 'authorization=bearer abcdef0123456', 'authorization=bearer [redacted]'],
    [
      'basic authentication',
      'Proxy-Authorization: Basic dXNlcjpwYXNz',
      'Proxy-Authorization: Basic [redacted]',
    ],
    ['an organisation', 'in organization org-AbC123dEf456', 'in organization [redacted]'],
    ['a project', 'project proj_a1b2c3d4e5', 'project [redacted]'],
    [
      'user and password of a proxy',
      'http://user:pass@proxy.test:8080/',
      'http://[redacted]@proxy.test:8080/',
    ],
    ['a password that holds an at sign', 'http://user:p@ss:word@proxy.test', 'http://[redacted]@proxy.test'],
    ['a password that holds a hash', 'socks5://user:p#ss@proxy.test', 'socks5://[redacted]@proxy.test'],
    ['a user without password', 'http://s3cr3ttoken@proxy.test', 'http://[redacted]@proxy.test'],
    ['a header with a key', 'x-api-key: 0123abcdef', 'x-api-key: [redacted]'],
    ['a key in a query', '?api_key=abc123def&x=1', '?api_key=[redacted]&x=1'],
    [
      'a key somebody was told of',
      'Incorrect API key provided: abc123def.',
      'Incorrect API key provided: [redacted]',
    ],
    ['a token in JSON', '{"refresh_token":"abc123def","x":1}', '{"refresh_token":"[redacted]","x":1}'],
    [
      'a token in JSON inside JSON',
      String.raw`{\"token\":\"abc123def\",\"x\":1}`,
      String.raw`{\"token\":\"[redacted]\",\"x\":1}`,
    ],
    ['a long token of letters', 'token=abcdefghijklmnopqrstuvwxyz', 'token=[redacted]'],
    ['a password of letters', "password='correcthorse'", "password='[redacted]'"],
    ['a password of digits', 'password: 123456789', 'password: [redacted]'],
    ['a client secret', 'client_secret=hunter2hunter2', 'client_secret=[redacted]'],
    ['an internal host', 'no route to llm-gw.prod.internal:8443 now', 'no route to [internal host] now'],
    ['a cluster host', 'at http://api_v2.default.svc.cluster.local/v1', 'at http://[internal host]/v1'],
    ['a host at the end of a sentence', 'from db.corp.', 'from [internal host].'],
    ['a loopback address', 'connect ECONNREFUSED 127.0.0.1:3000', 'connect ECONNREFUSED [internal host]'],
    [
      'private addresses',
      '10.1.2.3, 172.16.0.1, 192.168.1.1.',
      '[internal host], [internal host], [internal host].',
    ],
    ['several at once', `${key('sk-', 'abc123def')} at 10.0.0.1`, '[redacted] at [internal host]'],
  ])('masks %s', (_name, text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    'prompt is too long: 210000 tokens > 200000 maximum',
    'token: 123456 tokens > 100000 maximum',
    'max_tokens: 4096000 > 64000, which is the maximum',
    'max_token: 128000 is too large',
    'Unexpected token: expected a comma',
    'user-agent: claude-cli/2.0.1 (external, cli)',
    'tools.0.user_location: Extra inputs are not permitted',
    'this user-friendly, user-provided, org-specific text',
    'use sk-learn, sk-learn-contrib or rk-something',
    'the columns fk_customer_id and pk_constraint_name',
    'Bearer authentication is required',
    'Basic knowledge of basic instructions',
    'The API key is missing; set x-api-key.',
    'version 10.15.7 and 127.5 ms, 1.10.0.0.1 or 10.20.30.40.50',
    'edit .claude/settings.local.json or the internal.example.com page',
    'see https://docs.example.com/a/@scope/b?mail=a@b.com#top',
    'messages.3.content.0.tool_use.id: String should match pattern',
    "This model's maximum context length is 128000 tokens",
    'secret: none',
    'rate limit of 30,000 input tokens per minute (org: acme)',
    '8.8.8.8 and 172.32.0.1 and 11.0.0.1',
    '你好 é 😀',
    '',
  ])('leaves ordinary text alone: %s', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('masks nothing twice', () => {
    const once = maskSecrets(`Bearer abc123def456, password=hunter22, http://a:b@10.0.0.1:80/`);
    expect(maskSecrets(once)).toBe(once);
  });
});
