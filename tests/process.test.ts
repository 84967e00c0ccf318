import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProcess } from './support/gateway-process.ts';
import type { Run } from './support/gateway-process.ts';
import { closeAfterTest, freePort, listenHttp } from './support/loopback.ts';

/** Starts the gateway in an empty folder with this configuration and nothing else in its environment. */
async function start(config: string | undefined, env: Record<string, string> = {}): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  if (config !== undefined) await writeFile(join(folder, 'config.json'), config);
  const run = startProcess(folder, env);
  closeAfterTest(async () => {
    run.child.kill('SIGKILL');
    await run.exit;
    await rm(folder, { recursive: true, force: true });
  });
  return run;
}

const addressIn = (output: string): string => /listens on (http:\/\/[^"]+)/.exec(output)?.[1] ?? '';

describe('the process', { timeout: 60_000 }, () => {
  it('says in one line that its port is taken, and ends with 1', async () => {
    const { port } = await listenHttp(() => undefined);
    const run = await start(undefined, { PORT: String(port) });
    expect(await run.exit).toBe(1);
    const lines = run
      .output()
      .split('\n')
      .filter((line) => line.startsWith('droid2api:'));
    expect(lines).toEqual([expect.stringContaining(`port ${port} on 127.0.0.1 is in use`)]);
  });

  it('tells every mistake in its configuration by path, and ends with 1', async () => {
    const config =
      '{ "port": "x", "unknown_key": 1, "models": [ { "id": "a", "type": "b", "reasoning": "hgih" } ] }';
    const run = await start(config);
    expect(await run.exit).toBe(1);
    expect(run.output()).toContain(
      'models[0].reasoning: "hgih" is not one of auto, off, low, medium, high, xhigh',
    );
    expect(run.output()).toMatch(/^ {2}port: /m);
    expect(run.output()).toContain('unknown_key: unknown key, ignored (a warning only)');
    expect(run.output()).toMatch(/^ {2}models\[0\]\.type: /m);
  });

  it('wants a configuration file that was named to be there', async () => {
    const run = await start(undefined, { CONFIG_FILE: './elsewhere.json' });
    expect(await run.exit).toBe(1);
    expect(run.output()).toContain('elsewhere.json: there is no such file');
  });

  it('starts without configuration and credentials, warns of the one and tells the other in one line', async () => {
    const run = await start(undefined);
    await run.wrote(/Claude Code: /);
    const health = await fetch(`${addressIn(run.output())}/healthz`);
    expect(health.status).toBe(200);
    expect((await fetch(`${addressIn(run.output())}/readyz`)).status).toBe(200);
    expect(run.output()).toContain('the built-in defaults are used');
    expect(run.output().match(/none configured/g)).toHaveLength(1);
  });

  it('lets a running stream finish when it is told to stop, and ends with 0', async () => {
    const upstream = await listenHttp((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: message_start\ndata: {"type":"message_start","message":{"id":"m"}}\n\n');
    });
    const asked = once(upstream.server, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
    const run = await start(
      JSON.stringify({
        models: [{ name: 'M', id: 'm', type: 'anthropic' }],
        endpoint: [{ name: 'anthropic', base_url: `${upstream.url}/v1/messages` }],
        unknown_key: 1,
      }),
      { FACTORY_API_KEY: 'fk-key' },
    );
    await run.wrote(/Claude Code: /);
    const answer = await fetch(`${addressIn(run.output())}/v1/messages`, {
      method: 'POST',
      body: '{"model":"m","stream":true,"max_tokens":1,"messages":[]}',
    });
    run.child.kill('SIGTERM');
    await run.wrote(/finishing the running requests/);
    const [, response] = await asked;
    response.end('event: message_stop\ndata: {"type":"message_stop"}\n\n');
    expect(await answer.text()).toContain('message_stop');
    expect(await run.exit).toBe(0);
    expect(run.output()).toContain('unknown_key: unknown key, ignored');
  });

  it('writes no secret anywhere, even in dev mode at the most talkative level', async () => {
    const upstream = await listenHttp((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(401).end('{"detail":"token fk-CANARY-KEY-1234 is bad"}'));
    });
    const run = await start(
      JSON.stringify({
        dev_mode: true,
        models: [{ name: 'M', id: 'm', type: 'anthropic' }],
        endpoint: [{ name: 'anthropic', base_url: `${upstream.url}/v1/messages` }],
        proxies: [{ name: 'p', url: `http://me:CANARY-PASSWORD@127.0.0.1:${await freePort()}` }],
      }),
      { FACTORY_API_KEY: 'fk-CANARY-KEY-1234', DROID_REFRESH_KEY: 'CANARY-REFRESH', LOG_LEVEL: 'trace' },
    );
    await run.wrote(/Claude Code: /);
    const answer = await fetch(`${addressIn(run.output())}/v1/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer CANARY-CLIENT-TOKEN-1234', 'x-api-key': 'CANARY-CLIENT-KEY' },
      body: '{"model":"m","messages":[{"role":"user","content":"my key is sk-CANARY-1234567890"}]}',
    });
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toContain('CANARY');
    await run.wrote(/\/v1\/messages m 502/);
    expect(run.output()).toContain('Using proxy p for request to');
    expect(run.output()).not.toContain('CANARY');
  });
});
