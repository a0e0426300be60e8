/** The training programs of chaos: short, in plain shell since many are started at once, and found again by their environment. */
import { readdirSync, readFileSync } from 'node:fs';

/** Each logs steps 0 to `steps - 1`. */
export const steps = 8;

/** Also what it starts may be killed. */
const program = `x=$(sed 's/.*"x": *\\([0-9.eE+-]*\\).*/\\1/' "$SWEEP_PARAMS") || exit 1
for step in ${Array.from({ length: steps }, (_, step) => step).join(' ')}; do
  echo "{\\"step\\": $step, \\"loss\\": $x}" >> "$SWEEP_METRICS" || exit 1
  sleep 0.1
done`;

const common = `
metric: {name: loss, goal: minimize}
command: [sh, -c, ${JSON.stringify(program)}]
retry: {max: 100, on: [any], backoff: 0.2s}
disconnect: {lost_after: 6s}
`;

/** Every point must be there once. */
export const gridSweep = (points: number): string => `
method: grid
name: grid
parameters: {x: {values: [${Array.from({ length: points }, (_, index) => index).join(', ')}]}}
${common}`;

/** Stops trials early, and learns. */
export const learningSweep = (trials: number): string => `
method: bayes
name: bayes
run_cap: ${trials}
parameters: {x: {min: 0.0, max: 1.0}}
early_terminate: {type: hyperband, min_iter: 2, eta: 2}
${common}`;

/** Process ids of what runs under a trial's environment. */
export function trainingPrograms(folder: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isTraining(pid, folder));
}

function isTraining(pid: number, folder: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    const [command] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return command === 'sh' && environment.includes('SWEEP_METRICS=') && environment.includes(folder);
  } catch {
    // It ended while it was looked at.
    return false;
  }
}
