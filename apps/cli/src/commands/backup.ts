/** `sweep backup FILE` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { runArchive } from '../local/archive-program.js';

export function configure(command: Command, act: Act): void {
  command.argument('<file>').option('--database-url <url>', 'an existing PostgreSQL; better in SWEEP_DATABASE_URL').action(act(backup));
  examples(
    command,
    ['sweep backup sweep-monday.backup', 'beside a live controller'],
    ['sweep backup /mnt/b/all.backup --data-dir /srv/sweep', 'of another data folder'],
  );
}

async function backup(context: Context, file: string): Promise<void> {
  const contents = await runArchive(context, 'backup', file);
  await context.print.one(contents, () => `${contents.file}: ${contents.rows} rows of ${contents.tables} tables, ${contents.blobs} files`);
}
