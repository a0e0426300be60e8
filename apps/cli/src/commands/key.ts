/** `sweep key create|ls|revoke|reset` */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type KeyView, pages } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { childEnvironment, credentialsPath } from '../config.js';
import type { Context } from '../context.js';
import { saveKey } from '../credentials.js';
import { CommandError, UsageError } from '../exit.js';
import { programPath } from '../local/programs.js';
import { readServerFile } from '../local/server-file.js';
import { keyColumns } from '../show/views.js';
import { expiry } from './token.js';

const scopes = ['admin', 'user', 'agent'] as const;

export function configure(command: Command, act: Act): void {
  const create = command
    .command('create')
    .description('a new key, shown once')
    .argument('<name>', 'what it is for')
    .option('--scope <scope>', scopes.join(', '), 'user')
    .option('--expires <duration>', 'such as 12h or 90d; never if absent', expiry)
    .option('--user <name>', 'whose it is; yours if absent')
    .action(act(createOne));
  examples(
    create,
    ['sweep key create laptop', 'for you, on another machine'],
    ['sweep key create lab --scope agent --expires 90d', 'for agents, for three months'],
  );
  const ls = command.command('ls').description('list keys, without their secrets').action(act(list));
  examples(ls, ['sweep key ls', 'all of them'], ['sweep key ls --json', 'the same as data']);
  const revoke = command
    .command('revoke')
    .description('a key that is no longer accepted')
    .argument('<key>', 'its id')
    .action(act(revokeOne));
  examples(revoke, ['sweep key revoke k7d2m9xq', 'at once'], ['sweep key ls', 'find its id']);
  const reset = command
    .command('reset')
    .description('replace a lost key, on the machine of the controller')
    .option('--database-url <url>', 'an existing PostgreSQL; better in SWEEP_DATABASE_URL')
    .action(act(resetFirst));
  examples(
    reset,
    ['sweep key reset', 'a new administrator key for the usual data folder'],
    ['sweep key reset --data-dir /srv/sweep', 'for another one'],
  );
  examples(
    command,
    ['sweep key create laptop', 'a key for another machine'],
    ['sweep key reset --data-dir /srv/sweep', 'when the last one is lost'],
  );
}

interface CreateOptions {
  readonly scope: string;
  readonly expires?: number;
  readonly user?: string;
}

async function createOne(context: Context, name: string, { scope, expires, user }: CreateOptions): Promise<void> {
  const known = scopes.find((each) => each === scope);
  if (known === undefined) throw new UsageError(`--scope ${scope}: one of ${scopes.join(', ')}`);
  const key = await (await context.client()).createKey({
    name,
    scope: known,
    ...(expires === undefined ? {} : { expiresInSeconds: expires }),
    ...(user === undefined ? {} : { user }),
  });
  context.notice('the key is shown this once:');
  await context.print.one(key, () => key.secret ?? '');
}

async function list(context: Context): Promise<void> {
  const client = await context.client();
  const found: KeyView[] = [];
  for await (const key of pages((page) => client.listKeys(page))) found.push(key);
  await context.print.list(found, keyColumns(context.now()));
}

async function revokeOne(context: Context, key: string): Promise<void> {
  await (await context.client()).revokeKey(key);
  context.notice(`${key} is revoked`);
}

/** The controller's package knows the database; who may read the data folder may have the key. */
async function resetFirst(context: Context): Promise<void> {
  const { config, dataDir } = context;
  const program = programPath('controller', config.controllerProgram, 'reset-key.js');
  const child = spawn(process.execPath, [program, '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment(config.databaseUrl === null ? {} : { SWEEP_DATABASE_URL: config.databaseUrl }),
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const [printed, code] = [await text(child.stdout), await ended];
  const key = /"key":"([a-z0-9]{40})"/.exec(printed)?.[1];
  if (code !== 0 || key === undefined) throw new CommandError(`no key was made (exit code ${code ?? 'none'})`);
  const url = (await readServerFile(dataDir))?.url ?? (await context.url());
  await saveKey(credentialsPath(), url, { key, dataDir });
  context.notice(`the new key is kept in ${credentialsPath()} and shown this once:`);
  await context.print.one({ key }, () => key);
}
