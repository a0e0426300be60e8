/** `sweep restore FILE` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { runArchive } from '../local/archive-program.js';

export function configure(command: Command, act: Act): void {
  command.argument('<file>').option('--database-url <url>', 'an existing PostgreSQL; better in SWEEP_DATABASE_URL').action(act(restore));
  examples(
    command,
    ['sweep restore sweep-monday.backup --data-dir /srv/new', 'into a new data folder'],
    ['sweep restore all.backup --database-url postgres://db/sweep', 'into an empty database of your own'],
  );
}

async function restore(context: Context, file: string): Promise<void> {
  const contents = await runArchive(context, 'restore', file);
  await context.print.one(
    contents,
    () => `restored ${contents.rows} rows of ${contents.tables} tables, ${contents.blobs} files; start the controller on it now`,
  );
}
