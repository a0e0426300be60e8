/** `sweep export SWEEP -o csv|jsonl|parquet` */
import { pages, type TrialView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { dataText } from '../show/print.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('-o, --output <format>', 'csv, jsonl or parquet')
    .action(act(exportTrials));
  examples(
    command,
    ['sweep export k3f9x2ab -o csv > trials.csv', 'one line a trial: params.*, summary.*, …'],
    ['sweep export k3f9x2ab -o parquet > trials.parquet', 'the same columns, typed'],
  );
}

async function exportTrials(context: Context, sweep: string): Promise<void> {
  const format = context.output ?? 'csv';
  if (format !== 'csv' && format !== 'jsonl' && format !== 'parquet') throw new UsageError(`-o ${format}: csv, jsonl or parquet`);
  if (format === 'parquet' && process.stdout.isTTY) throw new UsageError('-o parquet is no text: send it to a file, with > trials.parquet');
  const client = await context.client();
  const batch: TrialView[] = [];
  for await (const trial of pages((page) => client.listTrials(sweep, page))) {
    if (format === 'jsonl') context.write(await dataText(trial, format));
    // Columns are known only when all trials are.
    else batch.push(trial);
  }
  if (format === 'csv') context.write(await dataText(batch, format));
  if (format === 'parquet') {
    const { parquetBytes } = await import('../show/parquet.js');
    context.write(parquetBytes(batch));
  }
}
