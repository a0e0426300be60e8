/** Texts that a command is given by name: a file, or `-` for stdin. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CommandError, exit, reasonOf } from './exit.js';

/** Larger ones are no sweep file. */
const mostBytes = 4 * 1024 * 1024;

export async function readText(path: string): Promise<string> {
  const found = path === '-' ? await text(process.stdin) : await readFileText(path);
  if (found.length > mostBytes) throw new CommandError(`${path} is larger than 4 MiB: it is no sweep file`, exit.usage);
  return found;
}

async function readFileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: ${reasonOf(cause)}`, exit.usage);
  }
}
