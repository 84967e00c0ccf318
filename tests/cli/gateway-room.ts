import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { closeAfterTest } from '../support/loopback.ts';
import { makeRoom } from '../support/temporary-room.ts';

/** A directory with a configuration whose upstreams are a sandbox. */
export interface GatewayRoom {
  readonly room: string;
  readonly sandbox: Sandbox;
  /** The text of `accounts.json`; `undefined` when there is none. */
  readonly accountsText: () => Promise<string | undefined>;
  readonly accounts: () => Promise<readonly Record<string, unknown>[]>;
  readonly writeAccounts: (accounts: readonly object[]) => Promise<string>;
}

/** Polls come fast, so that no test waits. */
const LOGIN = { intervalSeconds: 0.02, pendingPolls: 1 };

export async function makeGatewayRoom(options: SandboxOptions = {}): Promise<GatewayRoom> {
  const sandbox = await startSandbox({ ...options, login: { ...LOGIN, ...options.login } });
  closeAfterTest(() => sandbox.close());
  const room = await makeRoom();
  await writeFile(
    join(room, 'config.json'),
    JSON.stringify({
      oauth: { base_url: sandbox.url },
      endpoint: [{ name: 'anthropic', base_url: `${sandbox.url}/api/llm/a/v1/messages` }],
    }),
  );
  const file = join(room, 'accounts.json');
  const accountsText = (): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
  return {
    room,
    sandbox,
    accountsText,
    accounts: async () => {
      const document = JSON.parse((await accountsText()) ?? '{"accounts":[]}') as {
        accounts: Record<string, unknown>[];
      };
      return document.accounts;
    },
    writeAccounts: async (accounts) => {
      const text = JSON.stringify({ version: 1, accounts }, undefined, 2);
      await writeFile(file, text);
      return text;
    },
  };
}
