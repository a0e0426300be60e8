/** Training programs for tests: a few lines of JavaScript behind `node -e`, and the sweep files that run them. */

/** What every program here begins with. */
const prelude = `
const fs = require('fs');
const env = process.env;
const params = JSON.parse(fs.readFileSync(env.SWEEP_PARAMS, 'utf8'));
const attempt = Number(env.SWEEP_ATTEMPT);
const report = (line) => fs.appendFileSync(env.SWEEP_METRICS, JSON.stringify(line) + '\\n');
const nap = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
`;

/** The `command` of a sweep file; the program may use `fs`, `env`, `params`, `attempt`, `report` and `nap`. */
export const command = (program: string): string => `command: [node, -e, ${JSON.stringify(prelude + program)}]`;

/** A grid of one trial for each value of `x`. */
export const gridOf = (program: string, extra = '', values: readonly number[] = [1]): string => `
method: grid
metric: {name: loss, goal: minimize}
parameters:
  x: {values: [${values.join(', ')}]}
${command(program)}
${extra}
`;
