/** `sweep token create` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { pinFlag } from '../local/announce.js';
import { ago, parseDuration } from '../show/duration.js';

export function configure(command: Command, act: Act): void {
  const create = command
    .command('create')
    .description('a token with which one agent can join once')
    .option('--expires <duration>', 'such as 30m, 12h or 7d', expiry)
    .action(act(createOne));
  examples(
    create,
    ['sweep token create', 'prints the token alone'],
    ['sweep token create --expires 30m', 'one that is good for half an hour'],
  );
  examples(command, ['sweep token create', 'prints the token alone'], ['sweep agent --join TOKEN', 'on the other machine']);
}

export function expiry(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds < 1) throw new UsageError(`--expires ${text}: a duration such as 30m, 12h or 7d`);
  return Math.round(seconds);
}

async function createOne(context: Context, options: { readonly expires?: number }): Promise<void> {
  const client = await context.client();
  const made = await client.createToken(options.expires === undefined ? {} : { expiresInSeconds: options.expires });
  const { fingerprint, pin } = await client.server();
  context.notice(`expires ${ago(made.expiresAt, context.now())}; on the other machine, where the agent is installed:`);
  context.notice(`  SWEEP_JOIN_TOKEN=TOKEN sweep agent --url ${client.url}${pinFlag(fingerprint)}`);
  context.notice('and where nothing is, but Node 20 or newer:');
  context.notice(`  ${installLine(client.url, pin)}`);
  await context.print.one(made, () => made.token);
}

/** The pin stands for the authority that a certificate of the controller's own lacks. The token is in no process's arguments. */
function installLine(url: string, pin: string | null): string {
  const trust = pin === null ? '' : ` -k --pinnedpubkey '${pin}'`;
  return `curl -fsS${trust} ${url}/install.sh | SWEEP_JOIN_TOKEN=TOKEN sh`;
}
