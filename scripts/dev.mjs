/** `npm run dev`: compiles when a source changes and, when that succeeds, starts the system again. Ctrl-C ends both, once more hurries. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root, run } from './run.mjs';
import { installed, main } from './setup.mjs';

/** An editor writes several files, or one of them twice, for what a person calls one change. */
const SETTLED_MS = 50;

/** What the compiler reads: the sources of every library and program. */
const sources = () =>
  ['libs', 'apps']
    .flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(root, kind, name, 'src')))
    .filter((folder) => existsSync(folder));

/** In a process group of its own: Ctrl-C reaches us alone. A system that heard it from the terminal and from us would take it for twice. */
const start = (command, args) =>
  spawn(join(root, 'node_modules', '.bin', command), args, { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

/** Ends a program and waits until it is gone. */
async function ended(child) {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Compiles and bundles; says what is wrong. */
async function built() {
  for (const [command, ...args] of [
    ['tsc', '-b'],
    ['node', 'scripts/bundle-programs.mjs'],
  ]) {
    const { code } = await run(command, args, { show: true });
    if (code !== 0) return false;
  }
  return true;
}

await main(async () => {
  await installed();
  const changes = new EventEmitter();
  const watchers = sources().map((folder) => watch(folder, { recursive: true }, () => changes.emit('change')));
  let stopping = false;
  let system;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (stopping) system?.kill('SIGTERM');
      stopping = true;
      // The loop waits for nothing else.
      changes.emit('change');
    });
  }
  while (!stopping) {
    // Asked for first: what changes while the compiler runs is compiled next.
    const changed = once(changes, 'change');
    if (await built()) {
      await ended(system);
      if (!stopping) system = start('sweep', ['up', '--agents', '1']);
    }
    await changed;
    await delay(SETTLED_MS);
  }
  for (const watcher of watchers) watcher.close();
  await ended(system);
  return 0;
});
