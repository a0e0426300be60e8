/** `sweep enqueue SWEEP K=V…` */
import type { Parameter, Params, ParamValue } from '@sweep/optimizer';
import { parseSweepFile } from '@sweep/sweep-file';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { parseAssignment } from '../assignment.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { trialColumns } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .argument('<param=value...>', "a value is JSON if it reads as JSON, else a text; a nested parameter's name has dots")
    .action(act(enqueue));
  examples(
    command,
    ['sweep enqueue k3f9x2ab lr=0.01 opt=adam', 'one trial with these params'],
    ['sweep enqueue k3f9x2ab model.depth=4', 'a nested one'],
  );
}

async function enqueue(context: Context, sweep: string, texts: string[]): Promise<void> {
  const client = await context.client();
  const { spec } = parseSweepFile((await client.getSweep(sweep)).config);
  const params = place(texts.map(parseAssignment), spec?.space.parameters ?? []);
  const { items } = await client.enqueueTrials(sweep, [params]);
  await context.print.list(items, trialColumns(context.now()));
}

/** Puts each value where the sweep's space has that name: `a.b` may be a flat name with a dot or a nested one. */
export function place(entries: readonly (readonly [string, ParamValue])[], parameters: readonly Parameter[]): Params {
  const root: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const named = parameters.filter(({ path }) => path.join('.') === name);
    const parameter = named.find(({ path }) => path.length === 1) ?? named[0];
    if (parameter === undefined)
      throw new UsageError(`the sweep has no parameter "${name}": ${parameters.map(({ path }) => path.join('.')).join(', ')}`);
    let node = root;
    for (const part of parameter.path.slice(0, -1)) {
      if (!Object.hasOwn(node, part)) node[part] = {};
      node = node[part] as Record<string, unknown>;
    }
    node[parameter.path.at(-1)!] = value;
  }
  return root as Params;
}
