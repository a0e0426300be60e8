/**
 * What this machine's owner lets trials run: whoever may create sweeps would otherwise run anything here.
 *
 * Programs are the first words of an argument vector (`python -u`); folders hold what is run: the program itself, or the file that
 * directly follows the allowed words. Owns the judgement of one vector; nothing here starts or fetches anything.
 */
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

export interface Allowed {
  /** Each as its words. Empty: any. */
  readonly programs: readonly (readonly string[])[];
  /** Absolute. Empty: any. */
  readonly folders: readonly string[];
}

export interface Wish {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The working folder came with the sweep: its content is whatever the sweep's creator put there. */
  readonly shipped: boolean;
}

/** Null, or why this machine does not run it: a sentence for the trial's reason. */
export function refusalOf({ argv, cwd, shipped }: Wish, { programs, folders }: Allowed): string | null {
  if (programs.length === 0 && folders.length === 0) return null;
  const refused = shipped ? shippedRefusal(cwd, { programs, folders }) : null;
  if (refused !== null) return refused;
  // What `env` would set may change what any program does.
  const words = argv[0] === '/usr/bin/env' ? argv.slice(1) : argv;
  const [name = ''] = words;
  if (words !== argv && (name.startsWith('-') || name.includes('=')))
    return `this agent does not run ${quoted(words)}: env may set nothing here`;
  const matched = programs.filter((program) => program.every((word, index) => words[index] === word));
  if (programs.length > 0 && matched.length === 0)
    return `this agent does not run ${quoted(words)}: its owner allows ${programs.map((program) => JSON.stringify(program.join(' '))).join(', ')} (--allow-program)`;
  if (folders.length === 0) return null;
  const longest = Math.max(1, ...matched.map((program) => program.length));
  const file = words[longest];
  if (isFileInside(name, cwd, folders) || (file !== undefined && isFileInside(file, cwd, folders))) return null;
  return `this agent does not run ${quoted(words)}: it lies in none of the folders that its owner allows, ${folders.join(', ')} (--allow-folder)`;
}

/** Of code that was not fetched yet. @param folder where it would lie */
export function shippedRefusal(folder: string, { programs, folders }: Allowed): string | null {
  if (programs.length === 0 && folders.length === 0) return null;
  if (folders.some((allowed) => below(realPath(allowed) ?? allowed, realPath(folder) ?? folder))) return null;
  return 'this agent runs no shipped code: its owner allows certain programs only (--allow-program, --allow-folder)';
}

const quoted = (words: readonly string[]): string => JSON.stringify(words.slice(0, 3).join(' ').slice(0, 120));

/** Only what is written as a path: a bare first word is looked up on PATH. An option is no file, whatever its text. */
function isFileInside(word: string, cwd: string, folders: readonly string[]): boolean {
  return !word.startsWith('-') && isInside(resolve(cwd, word), folders);
}

/** Links followed: a link inside must not lead outside. What is not there is not inside. */
function isInside(path: string, folders: readonly string[]): boolean {
  const real = realPath(path);
  return real !== null && folders.some((folder) => below(realPath(folder) ?? folder, real));
}

function below(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // Not there, or behind a folder that we may not enter.
    return null;
  }
}
