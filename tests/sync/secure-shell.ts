import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { closeAfterTest, freePort } from '../support/loopback.ts';

/** The whole path of a program, from the PATH of the tests or where only root has it there. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** As {@link findProgram}, for those without which there is no test. */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

/** A machine that can be logged in at over the loopback, and what its user and its visitors have. */
export interface SecureShell {
  readonly port: number;
  /** Changes how the client behaves: lines of ssh_config that go before all others. */
  readonly configure: (lines: string) => void;
  /** Lets the client remember another host key for this name than the machine has. */
  readonly misremember: (name: string) => void;
  /** An `ssh` for the client's PATH that keeps off the configuration of whoever runs the tests. */
  readonly client: string;
}

/**
 * Starts a real sshd of the test's own, with its own keys, until the test ends. Commands arrive at `shell` with nothing
 * in their environment but `environment`, as if it were the login shell.
 */
export async function startSecureShell(
  room: string,
  shell: string,
  environment: Readonly<Record<string, string>>,
): Promise<SecureShell> {
  const at = (name: string): string => join(room, name);
  for (const name of ['host_key', 'user_key']) {
    execFileSync(requireProgram('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  }
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const port = await freePort();
  writeFileSync(
    at('sshd_config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${at('host_key')}
AuthorizedKeysFile ${at('user_key.pub')}
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
ForceCommand exec env -i ${variables.join(' ')} ${shell} -c "$SSH_ORIGINAL_COMMAND"
`,
  );
  await startDaemon(at('sshd_config'));
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${readFileSync(at('host_key.pub'), 'utf8')}`);
  const settings = `Host *
HostName 127.0.0.1
Port ${port}
User ${userInfo().username}
IdentityFile ${at('user_key')}
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile ${at('known_hosts')}
GlobalKnownHostsFile /dev/null
`;
  const configure = (lines: string): void => writeFileSync(at('ssh_config'), `${lines}\n${settings}`);
  configure('');
  const misremember = (name: string): void =>
    appendFileSync(at('known_hosts'), `${name} ${readFileSync(at('user_key.pub'), 'utf8')}`);
  const client = at('ssh');
  writeFileSync(client, `#!/bin/sh\nexec ${requireProgram('ssh')} -F ${at('ssh_config')} "$@"\n`, {
    mode: 0o755,
  });
  return { port, configure, misremember, client };
}

async function startDaemon(config: string): Promise<void> {
  // sshd insists on this directory when it is started by root.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const daemon = spawn(requireProgram('sshd'), ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  closeAfterTest(() => void daemon.kill());
  let words = '';
  await new Promise<void>((resolve, reject) => {
    daemon.on('close', () => reject(new Error(`sshd ended: ${words}`)));
    daemon.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString('utf8');
      if (words.includes('Server listening')) resolve();
    });
  });
}
