/** Runs the project's own tools as child processes, for the scripts beside this file. Plain Node: it must work before any install. */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname: an older Node must get as far as being told that it is too old.
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Commands of installed packages are found first, as under `npm run`. */
const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);

/**
 * Runs a command in the root of the repository and waits for its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, show?: boolean }} [options] show: straight to the terminal instead of `output`
 * @returns {Promise<{ code: number, stdout: string, output: string, seconds: number }>}
 */
export function run(command, args, { env = {}, cwd = root, show = false } = {}) {
  const began = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH, ...(show ? {} : { NO_COLOR: '1' }), ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code: code ?? 1, stdout, output, seconds: (performance.now() - began) / 1000 }));
  });
}
