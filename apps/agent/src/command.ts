/** A grant to an argument vector, and whether it can be started at all. The macros are sweep-file's. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Invalid } from '@sweep/domain';
import { isDict, type Params, parseJson } from '@sweep/optimizer';
import type { Grant } from '@sweep/protocol';
import { expandCommand } from '@sweep/sweep-file';

export interface CommandPlace {
  readonly environment: NodeJS.ProcessEnv;
  /** Writes the JSON of `${args_json_file}` and answers where. */
  readonly argsJsonFile: (json: string) => string;
}

export function paramsOf(grant: Grant): Params {
  const params = parseJson(grant.params);
  if (!isDict(params)) throw new Invalid('the params are not a JSON object');
  return params;
}

/** @throws Invalid when there is nothing to start, with what to do about it */
export function argvOf(grant: Grant, { environment, argsJsonFile }: CommandPlace): readonly string[] {
  const needsProgram = grant.command.length === 0 || grant.command.includes('${program}');
  if (grant.program === '' && needsProgram) {
    throw new Invalid(
      `sweep ${grant.sweepId} has neither \`program\` nor \`command\`: an agent has nothing to start. ` +
        'Add `program: train.py` to the file, or run the trials from your own code with `sweep ask` and `sweep tell`',
    );
  }
  const argv = expandCommand(grant.command, {
    program: grant.program === '' ? null : grant.program,
    params: paramsOf(grant),
    environment: (name) => environment[name],
    argsJsonFile,
    platform: process.platform,
  });
  if (argv.length === 0) throw new Invalid(`the command of sweep ${grant.sweepId} is empty once its macros are expanded`);
  return argv;
}

/** Null, or why the vector cannot be started, in a sentence that names the command. */
export function startProblem(argv: readonly string[], cwd: string, environment: NodeJS.ProcessEnv): string | null {
  const [file = ''] = argv;
  // `env` is always there and would say it on stderr, with an exit code that a program may also have.
  const named = file === '/usr/bin/env' ? argv.slice(1).find((word) => !word.startsWith('-') && !word.includes('=')) : file;
  if (named === undefined) return null;
  const why = whyNot(named, cwd, environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin');
  return why === null ? null : `cannot start ${JSON.stringify(named)}: ${why}`;
}

function whyNot(named: string, cwd: string, path: string): string | null {
  if (named === '') return 'the command has no name';
  if (named.includes('\0')) return 'the name holds a NUL';
  if (named.includes('/')) return fileProblem(isAbsolute(named) ? named : join(cwd, named));
  const problems = path.split(delimiter).map((folder) => fileProblem(join(folder || cwd, named)));
  if (problems.includes(null)) return null;
  return problems.find((problem) => problem !== notFound) ?? `not found on PATH (${path})`;
}

const notFound = 'not found';

function fileProblem(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return notFound;
  if (found.isDirectory()) return `${path} is a folder`;
  try {
    accessSync(path, constants.X_OK);
    return null;
  } catch {
    return `${path} is not executable: \`chmod +x\` it`;
  }
}

/** For what only the kernel finds out: a missing interpreter behind `#!`, a binary of another architecture. */
export function startFailure(argv: readonly string[], code: string): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'not found, or the interpreter in its first line is not',
    EACCES: 'not allowed',
    ENOEXEC: 'not a program for this machine',
    E2BIG: 'its arguments are longer than the system takes',
    ENOMEM: 'not enough memory',
    ERR_INVALID_ARG_VALUE: 'an argument or a variable holds a NUL, which no program can be given',
    EAGAIN: 'the limit of processes is reached',
    EMFILE: 'the limit of open files is reached',
  };
  return `cannot start ${JSON.stringify(argv[0] ?? '')}: ${reasons[code] ?? code}`;
}
