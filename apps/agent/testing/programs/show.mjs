// Writes down what it was given: arguments, environment, folder, stdin, process group.
import { readFileSync, writeFileSync } from 'node:fs';

const { SWEEP_OUTPUT_DIR, SWEEP_PARAMS, WANDB_SWEEP_PARAM_PATH } = process.env;
const group = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[2];
const stdin = readFileSync(0, 'utf8');
writeFileSync(
  `${SWEEP_OUTPUT_DIR}/seen.json`,
  JSON.stringify({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin,
    ownGroup: Number(group) === process.pid,
    params: readFileSync(SWEEP_PARAMS, 'utf8'),
    wandb: readFileSync(WANDB_SWEEP_PARAM_PATH, 'utf8'),
  }),
);
