import { describe, expect, it } from 'vitest';
import { checkConfig } from '../src/config/check-config.ts';
import type { Readiness } from '../src/credentials/resolve-credential.ts';
import { createSecret } from '../src/kernel/secret.ts';
import type { Settings } from '../src/kernel/settings.ts';
import { describeStart, warnOfExposure } from '../src/start-screen.ts';

const readiness = (state: 'usable' | 'absent'): Readiness => ({
  ready: true,
  sources: [{ name: 'FACTORY_API_KEY', state }],
});

function settingsOf(config: unknown): Settings {
  const checked = checkConfig(config);
  if (!checked.ok) throw new Error(checked.mistakes.join());
  return checked.settings;
}

const models = [
  { name: 'A', id: 'a', type: 'anthropic' },
  { name: 'B', id: 'b', type: 'anthropic' },
  { name: 'C', id: 'c', type: 'google' },
];

describe('describeStart', () => {
  it('tells address, models by type and credentials in order', () => {
    const lines = describeStart('http://127.0.0.1:3000', settingsOf({ models }), readiness('usable'), []);
    expect(lines).toContain('droid2api listens on http://127.0.0.1:3000');
    expect(lines).toContain('Models: 2 anthropic, 0 openai, 0 common, 1 google');
    expect(lines).toContain('Credentials, in order: FACTORY_API_KEY');
  });

  it('says in one line that every client has to bring its own key', () => {
    const lines = describeStart('http://127.0.0.1:3000', settingsOf({ models }), readiness('absent'), []);
    expect(lines.filter((line) => line.includes('none configured'))).toHaveLength(1);
  });

  it('names proxies without their addresses', () => {
    const config = { models, proxies: [{ name: 'p1', url: 'http://me:CANARY@proxy.test:1' }] };
    const lines = describeStart('http://127.0.0.1:3000', settingsOf(config), readiness('usable'), []);
    expect(lines).toContain('Proxies, in turn: p1');
    expect(lines.join()).not.toContain('CANARY');
    expect(String(createSecret('CANARY'))).toBe('[redacted]');
  });
});

describe('keys for clients', () => {
  it('are named, never shown, and asked for in the line for Claude Code', () => {
    const lines = describeStart('http://127.0.0.1:3000', settingsOf({ models }), readiness('usable'), ['ci']);
    expect(lines).toContain('Clients show one of 1 keys: ci');
    expect(lines.at(-1)).toContain('ANTHROPIC_AUTH_TOKEN=<a key of PROXY_API_KEYS>');
  });

  it('make an open port safe', () => {
    expect(warnOfExposure('0.0.0.0', readiness('usable'), true)).toBeUndefined();
  });
});

describe('warnOfExposure', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('is silent on %s', (host) => {
    expect(warnOfExposure(host, readiness('usable'), false)).toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '192.168.1.2'])('warns on %s when the gateway holds credentials', (host) => {
    expect(warnOfExposure(host, readiness('usable'), false)).toContain(host);
    expect(warnOfExposure(host, readiness('absent'), false)).toBeUndefined();
  });
});
