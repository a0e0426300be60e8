/** `sweep export SWEEP -o csv|jsonl` */
import { pages, type TrialView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { dataText } from '../show/print.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('-o, --output <format>', 'csv or jsonl')
    .action(act(exportTrials));
  examples(
    command,
    ['sweep export k3f9x2ab -o csv > trials.csv', 'one line a trial: params.*, summary.*, …'],
    ['sweep export k3f9x2ab -o jsonl | jq .objective', 'one JSON object a line'],
  );
}

async function exportTrials(context: Context, sweep: string): Promise<void> {
  const format = context.output ?? 'csv';
  if (format === 'parquet')
    throw new UsageError('-o parquet is not available in this version: use -o csv or -o jsonl, which pandas and DuckDB read as well');
  if (format !== 'csv' && format !== 'jsonl') throw new UsageError(`-o ${format}: csv or jsonl`);
  const client = await context.client();
  const batch: TrialView[] = [];
  for await (const trial of pages((page) => client.listTrials(sweep, page))) {
    if (format === 'jsonl') context.write(await dataText(trial, format));
    // CSV's columns are known only when all trials are.
    else batch.push(trial);
  }
  if (format === 'csv') context.write(await dataText(batch, format));
}
