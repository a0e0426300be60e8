/** `sweep user add|ls|rm` */
import { pages, type UserView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { userColumns } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  const add = command
    .command('add')
    .description('add a user')
    .argument('<name>')
    .option('--admin', 'may do everything')
    .action(act(addOne));
  examples(add, ['sweep user add ann', 'one who may create sweeps'], ['sweep user add bob --admin', 'an administrator']);
  const ls = command.command('ls').description('list users').action(act(list));
  examples(ls, ['sweep user ls', 'everybody'], ['sweep user ls --json', 'the same as data']);
  const rm = command.command('rm').description('remove a user and all keys of theirs').argument('<user>', 'id or name').action(act(remove));
  examples(rm, ['sweep user rm ann', 'by name'], ['sweep user rm u7d2k9x1', 'by id']);
  examples(command, ['sweep user ls', 'everybody'], ['sweep user add ann', 'one who may create sweeps']);
}

async function addOne(context: Context, name: string, options: { readonly admin?: true }): Promise<void> {
  const user = await (await context.client()).createUser({ name, ...options });
  await context.print.one(user, () => `${user.name} (${user.id})${user.admin ? ', administrator' : ''}`);
}

async function list(context: Context): Promise<void> {
  const client = await context.client();
  const found: UserView[] = [];
  for await (const user of pages((page) => client.listUsers(page))) found.push(user);
  await context.print.list(found, userColumns(context.now()));
}

async function remove(context: Context, name: string): Promise<void> {
  await (await context.client()).removeUser(name);
  context.notice(`${name} is removed`);
}
