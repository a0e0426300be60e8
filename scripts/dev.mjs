/** `npm run dev`: compiles on every change and, when that succeeds, starts the system again. Ctrl-C ends both, once more hurries. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root, run } from './run.mjs';
import { installed, main } from './setup.mjs';

/** In a process group of its own: Ctrl-C reaches us alone. A system that heard it from the terminal and from us would take it for twice. */
const start = (command, args, stdout) =>
  spawn(join(root, 'node_modules', '.bin', command), args, { cwd: root, detached: true, stdio: ['ignore', stdout, 'inherit'] });

/** Ends a program and waits until it is gone. */
async function ended(child) {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

await main(async () => {
  await installed();
  let system;
  let restarts = Promise.resolve();
  const restart = async () => {
    const { code, output } = await run('node', ['scripts/bundle-programs.mjs']);
    if (code !== 0) return void process.stderr.write(output);
    await ended(system);
    system = start('sweep', ['up', '--agents', '1'], 'inherit');
  };

  const compiler = start('tsc', ['-b', '-w', '--preserveWatchOutput'], 'pipe');
  compiler.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    // One restart after another: two systems cannot share a data folder.
    if (text.includes('Found 0 errors')) restarts = restarts.then(restart);
  });
  let hurry = false;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      compiler.kill('SIGTERM');
      if (hurry) system?.kill('SIGTERM');
      hurry = true;
    });
  }
  await once(compiler, 'exit');
  await restarts;
  await ended(system);
  return 0;
});
