/**
 * A program that goes wrong in the ways programs do: it asks for another try, fails, or is killed. By hand:
 * `node sweeps/flaky/train.mjs --fault=none --x=3`
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointDir, params, report, trial } from '@sweep/sdk';
import { flags } from '../lib/flags.mjs';

const config = params(flags({ fault: 'none', x: 1 }));
const attempt = trial()?.attempt ?? 1;
console.log(`attempt ${attempt}: fault ${config.fault}`);

// Survives attempts, also when the next one runs on another machine.
const mark = join(checkpointDir(), 'was-here');
const first = !existsSync(mark);
writeFileSync(mark, `${attempt}\n`);

const faults = {
  none: () => {},
  // EX_TEMPFAIL: "not now, try again".
  'busy-once': () => first && process.exit(75),
  // The program's own mistake: trying again would not help.
  broken: () => process.exit(1),
  // As the kernel does to a process that took too much memory.
  'killed-once': () => first && process.kill(process.pid, 'SIGKILL'),
};
faults[config.fault]();

for (let step = 1; step <= 3; step++) report({ step, loss: (config.x - 3) ** 2 + 1 / step, attempt });
