/** How a command's action is run: with a context made from its flags, its answer kept as the exit code. */
import { type Command, Help, Option } from 'commander';
import type { Context } from './context.js';
import type { ExitCode } from './exit.js';

/** Arguments come first, then the options. */
export type Action<Arguments extends unknown[]> = (context: Context, ...rest: Arguments) => Promise<ExitCode> | Promise<void>;
export type Act = <Arguments extends unknown[]>(action: Action<Arguments>) => (...parameters: unknown[]) => Promise<void>;

export function createAct(state: { exitCode: number }): Act {
  return <Arguments extends unknown[]>(action: Action<Arguments>) =>
    async (...parameters: unknown[]) => {
      const command = parameters.at(-1) as Command;
      const { openContext } = await import('./context.js');
      const context = openContext(flagsOf(command));
      // Commander hands over what the command declared: its arguments, its options, itself.
      const own = Object.entries(parameters.at(-2) as object).filter(([name]) => !globalNames.has(name));
      state.exitCode = (await action(context, ...([...parameters.slice(0, -2), Object.fromEntries(own)] as Arguments))) ?? 0;
    };
}

/** Of the command and all above it; the nearest one wins, where a flag was given twice. */
function flagsOf(command: Command): Readonly<Record<string, unknown>> {
  const chain: Command[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) chain.unshift(each);
  const flags: Record<string, unknown> = {};
  for (const each of chain) {
    for (const [name, value] of Object.entries(each.opts())) {
      if (each.getOptionValueSource(name) !== 'default') flags[name] = value;
    }
  }
  return flags;
}

const globalFlags = (): readonly Option[] => [
  new Option('--url <url>', 'controller to talk to (SWEEP_URL)'),
  new Option('--fingerprint <sha256>', 'of the certificate that the controller made for itself (SWEEP_FINGERPRINT)'),
  new Option('--ca-file <file>', 'authorities of its certificate, in PEM (SWEEP_CA_FILE)'),
  new Option('--api-key-file <file>', 'file that holds the key (SWEEP_API_KEY)'),
  new Option('--project <path>', 'ENTITY/PROJECT or PROJECT (SWEEP_PROJECT)'),
  new Option('--data-dir <folder>', 'database, blobs and logs of the local controller (SWEEP_DATA_DIR)'),
  new Option('-o, --output <format>', 'table, json, jsonl, yaml or csv'),
  new Option('--json', 'the same as -o json'),
  new Option('--log-level <level>', 'trace, debug, info, warn, error or silent (SWEEP_LOG_LEVEL)'),
  new Option('--no-color', 'plain text (NO_COLOR)'),
  new Option('--no-progress', 'no live display (SWEEP_NO_PROGRESS)'),
];
const globalNames: ReadonlySet<string> = new Set(globalFlags().map((flag) => flag.attributeName()));

const globalGroup = 'Global flags:';

/** Flags of every command. Added to each one too, so that they may stand before and after its name. */
export function addGlobalFlags(command: Command): Command {
  const inWhole = command.parent === null;
  for (const flag of globalFlags()) {
    const taken = command.options.some((option) => option.long === flag.long);
    if (!taken) command.addOption(inWhole ? flag : flag.helpGroup(globalGroup));
  }
  return command.configureHelp({ showGlobalOptions: false, formatItemList: namesOfGlobalFlags });
}

/** Not hidden, or they would be no suggestion for a misspelt one; but their explanations stand in `sweep --help` alone. */
function namesOfGlobalFlags(heading: string, items: string[], helper: Help): string[] {
  if (heading !== globalGroup) return Help.prototype.formatItemList.call(helper, heading, items, helper);
  const names = globalFlags().map(({ long }) => long ?? '');
  return [helper.boxWrap(`${globalGroup} ${names.join(' ')} (see \`sweep --help\`)`, helper.helpWidth ?? 80), ''];
}

/** Two of them, shown at the end of a command's help. */
export function examples(command: Command, ...lines: readonly (readonly [line: string, does: string])[]): void {
  const text = lines.map(([line, does]) => `  $ ${line}\n      ${does}`).join('\n');
  command.addHelpText('after', `\nExamples:\n${text}`);
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];
