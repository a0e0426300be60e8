/** The tree of commands. Each is a name and a line until it is used; then its own file says the rest. */
import { Command } from 'commander';
import { type Act, addGlobalFlags, createAct } from './act.js';
import { catalog, type Entry } from './catalog.js';
import { versionText } from './version.js';

export function createProgram(state: { exitCode: number }): Command {
  const act = createAct(state);
  const program = new Command('sweep')
    .description('Hyperparameter sweeps on your own machines.')
    .usage('[global flags] COMMAND')
    .exitOverride()
    // Otherwise `--sort -objective` would be read as the global `-o bjective`.
    .enablePositionalOptions()
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('(add --help for usage)');
  addGlobalFlags(program);
  const waiting = new Map<Command, Entry>();
  for (const entry of catalog) {
    const command = program.command(entry.name).description(entry.summary).helpGroup(entry.group);
    waiting.set(command, entry);
  }
  program.hook('preSubcommand', async (_program, command) => {
    const entry = waiting.get(command);
    if (entry !== undefined) await complete(command, entry, act);
  });
  program.version(versionText(), '-V, --version', 'the same as `sweep version`');
  return program;
}

/** With every command's arguments and options, for completion scripts and the manual. */
export async function createWholeProgram(): Promise<Command> {
  const program = createProgram({ exitCode: 0 });
  const act = createAct({ exitCode: 0 });
  for (const entry of catalog) await complete(program.commands.find((command) => command.name() === entry.name)!, entry, act);
  return program;
}

async function complete(command: Command, entry: Entry, act: Act): Promise<void> {
  const { configure } = await entry.load();
  configure(command, act, createWholeProgram);
  for (const leaf of [command, ...command.commands]) addGlobalFlags(leaf);
}
