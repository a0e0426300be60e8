// A training program: reports STEPS values of `loss` with PAUSE_MS between them, prints its arguments, ends with CODE.
import { appendFileSync, writeFileSync } from 'node:fs';

const [steps = '3', pauseMs = '0', code = '0'] = process.argv.slice(2);
const { SWEEP_METRICS, SWEEP_CHECKPOINT_DIR } = process.env;
console.log(`steps ${steps}`);
for (let step = 0; step < Number(steps); step++) {
  appendFileSync(SWEEP_METRICS, `${JSON.stringify({ step, loss: 1 / (step + 1) })}\n`);
  writeFileSync(`${SWEEP_CHECKPOINT_DIR}/step`, String(step));
  if (Number(pauseMs) > 0) await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
}
console.error(`leaving with ${code}`);
process.exitCode = Number(code);
