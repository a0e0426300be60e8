/** The `sweep` command's process: arguments in, exit code out. Signals and broken pipes end it as shells expect. */
import type { Command } from 'commander';
import { exit, exitOf, explain, reasonOf } from './exit.js';
import { listenForSignals } from './signals.js';

export async function main(argv: readonly string[]): Promise<number> {
  const { createProgram } = await import('./program.js');
  const state = { exitCode: exit.done as number };
  const program = createProgram(state);
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return exit.done;
    }
    await program.parseAsync(asFlag(argv, program), { from: 'user' });
    return state.exitCode;
  } catch (error) {
    if (isCommander(error)) return error.exitCode === 0 ? exit.done : exit.usage;
    process.stderr.write(`${explain(error)}\n`);
    return exitOf(error);
  }
}

/** `help create` as `create --help`: a command knows its own options only when it is used. Of an unknown one, what is said of it. */
function asFlag(argv: readonly string[], { commands }: Command): string[] {
  const [word, name, ...rest] = argv;
  if (word !== 'help' || name === undefined) return [...argv];
  return commands.some((command) => command.name() === name) ? [name, ...rest, '--help'] : [name];
}

/** Thrown instead of leaving the process, after the text was written. Known by its code: importing the class would load it for nothing. */
function isCommander(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('commander.');
}

/** The whole process. */
export async function run(): Promise<void> {
  listenForSignals();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `sweep ls | head -1`: the reader has what it wanted.
    if (error.code === 'EPIPE') process.exit(exit.done);
    process.stderr.write(`what this command prints cannot be written: ${reasonOf(error)}\n`);
    process.exit(exit.failed);
  });
  process.exitCode = await main(process.argv.slice(2));
}
