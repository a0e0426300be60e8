/** `sweep login [URL]` */
import { text } from 'node:stream/consumers';
import { createClient } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { credentialsPath, readKeyFile } from '../config.js';
import type { Context } from '../context.js';
import { saveKey } from '../credentials.js';
import { CommandError, exit, UsageError } from '../exit.js';
import { trustingFetch } from '../trust.js';

export function configure(command: Command, act: Act): void {
  command.argument('[url]', 'the controller; --url, SWEEP_URL or the local one if absent').action(act(login));
  examples(
    command,
    ['sweep login https://sweeps.example.org', 'asks for the key without showing it'],
    ['sweep login https://sweeps.example.org < key.txt', 'reads it from a file; --api-key-file does the same'],
  );
}

async function login(context: Context, given: string | undefined): Promise<void> {
  if (given !== undefined && !/^https?:\/\//.test(given)) throw new UsageError(`${given}: an address that begins with http:// or https://`);
  const url = (given ?? (await context.url())).replace(/\/+$/, '');
  const { apiKeyFile } = context.config;
  const key = apiKeyFile !== null ? readKeyFile(apiKeyFile) : await readKey(url);
  // The form that controllers take: theirs have 40 letters and digits, those of other origin may be longer.
  if (!/^[A-Za-z0-9_-]{40,128}$/.test(key)) throw new UsageError('that is no key: at least 40 letters and digits, without spaces');
  const trust = await context.trust(url);
  const { fingerprint } = trust;
  const { user } = await createClient({ url, key, fetch: trustingFetch(trust) }).server();
  if (user === null) throw new CommandError(`${url} does not know this key`, exit.denied);
  await saveKey(credentialsPath(), url, { key, ...(fingerprint === null ? {} : { fingerprint }) });
  context.notice(`logged in at ${url} as ${user}; the key is kept in ${credentialsPath()}`);
}

/** Not in an argument: those are seen by every user of the machine and kept in the shell's history. */
async function readKey(url: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  const { isCancel, password } = await import('@clack/prompts');
  const answer = await password({ message: `API key for ${url}` });
  if (isCancel(answer)) throw new CommandError('nothing was changed', exit.sigint);
  return answer.trim();
}
