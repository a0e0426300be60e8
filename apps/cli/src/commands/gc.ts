/** `sweep gc` */
import type { CollectedView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';

export function configure(command: Command, act: Act): void {
  command.option('--dry-run', 'only say what would go').action(act(collect));
  examples(command, ['sweep gc', 'at once what happens every hour by itself'], ['sweep gc --dry-run', 'what that would be']);
}

async function collect(context: Context, { dryRun = false }: { readonly dryRun?: boolean }): Promise<void> {
  const client = await context.client();
  const collected = await client.collect({ dryRun });
  await context.print.one(collected, () => `${dryRun ? 'would give back' : 'gave back'}: ${counted(collected)}`);
}

function counted({ sweeps, runs, events, artifacts, blobs, leftovers }: CollectedView): string {
  const of = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
  const parts = [
    of(sweeps, 'deleted sweep'),
    of(runs, 'deleted run'),
    of(events, 'old event'),
    of(artifacts, 'expired part of artifacts', 'expired parts of artifacts'),
    of(blobs, 'file that nothing refers to', 'files that nothing refers to'),
  ];
  if (leftovers !== null) parts.push(of(leftovers, 'leftover of cut uploads', 'leftovers of cut uploads'));
  return parts.join(', ');
}
