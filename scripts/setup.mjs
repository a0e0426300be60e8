/**
 * Brings a checkout to where its commands work: the right Node, the packages of the lock file, the compiled programs. Quick when there
 * is nothing to do. Plain Node: it runs before any install.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './run.mjs';

/** What to say when this Node is too old; undefined when it is not. */
export function tooOld(version, wanted) {
  const numbers = (text) =>
    text
      .replace(/^[^\d]*/, '')
      .split('.')
      .map(Number);
  const [have, need] = [numbers(version), numbers(wanted)];
  const older = have[0] !== need[0] ? have[0] < need[0] : have[1] < (need[1] ?? 0);
  return older
    ? `Sweep needs Node ${wanted.replace('>=', '')} or newer and this is Node ${version.replace('v', '')}: install a newer one, e.g. with nvm install 20`
    : undefined;
}

/** npm writes this file at the end of every install. */
function packagesAreCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

async function step(what, command, args) {
  process.stderr.write(`${what} … `);
  const { code, output, seconds } = await run(command, args);
  process.stderr.write(code === 0 ? `${seconds.toFixed(1)} s\n` : 'failed\n');
  if (code !== 0) throw new SetupFailed(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}

/** Its message is all that the user needs. */
export class SetupFailed extends Error {}

/** The right Node and the packages of the lock file. */
export async function installed() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const refusal = tooOld(process.version, engines.node);
  if (refusal !== undefined) throw new SetupFailed(refusal);
  if (!packagesAreCurrent()) await step('installing packages', 'npm', ['ci', '--no-audit', '--no-fund']);
}

/** As `installed`, and the programs compiled. */
export async function setup() {
  await installed();
  // The compiler itself knows what is missing or older than its source.
  await step('compiling', 'npm', ['run', '--silent', 'build']);
}

/** Runs a script's main function; a failed setup is told in one sentence, anything else with its stack. */
export async function main(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.stderr.write(`${error instanceof SetupFailed ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await setup();
    return 0;
  });
}
