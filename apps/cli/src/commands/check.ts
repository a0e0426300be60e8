/** `sweep check FILE…`: without a controller. */
import { expectedTrials, parseSweepFile, renderFindings } from '@sweep/sweep-file';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { CommandError, type ExitCode, exit, explain } from '../exit.js';
import { readText } from '../input.js';

export function configure(command: Command, act: Act): void {
  command.argument('<file...>', 'sweep files; - = stdin').option('--strict', 'any warning refuses').action(act(check));
  examples(
    command,
    ['sweep check sweep.yaml', 'each finding with its line, a caret and what to do'],
    ['sweep check --strict --json sweeps/*.yaml', 'for programs'],
  );
}

async function check(context: Context, files: string[], options: { readonly strict?: true }): Promise<ExitCode> {
  const results = [];
  const shown: string[] = [];
  let refused = false;
  for (const file of files) {
    const text = await readable(context, file);
    if (text === null) {
      refused = true;
      continue;
    }
    const { accepted, spec, findings, config } = parseSweepFile(text);
    const warned = options.strict === true && findings.some(({ severity }) => severity === 'warning');
    refused ||= !accepted || warned;
    const method = spec?.method ?? methodIn(config);
    // `length` serves the carets only.
    const listed = findings.map(({ code, severity, path, line, column, message, hint }) => ({
      code,
      severity,
      path,
      line,
      column,
      message,
      hint,
    }));
    results.push({ file, accepted, method, expectedTrials: spec === null ? null : expectedTrials(spec), findings: listed });
    if (findings.length > 0) shown.push(renderFindings(file, text, findings));
    if (findings.length === 0) shown.push(`${file}: ok`);
    else shown.push(accepted && !warned ? `${file}: accepted` : `${file}: refused`);
  }
  if (shown.length > 0 || context.print.format !== 'table') await context.print.one(results, () => shown.join('\n'));
  return refused ? exit.usage : exit.done;
}

/** Null, and said so, for a file that cannot be read: the others are looked at all the same. */
async function readable(context: Context, file: string): Promise<string | null> {
  try {
    return await readText(file);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    context.notice(explain(error));
    return null;
  }
}

/** Of a refused file: as it stands there. */
function methodIn(config: unknown): string | null {
  const method = typeof config === 'object' && config !== null ? (config as { readonly method?: unknown }).method : undefined;
  return typeof method === 'string' ? method : null;
}
