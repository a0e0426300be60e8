/** What `sweep up` starts and `sweep agent` becomes in tests instead of the agent: says how it was started, and leaves when asked to. */
import { appendFileSync } from 'node:fs';

const say = (what) => appendFileSync(process.env.FAKE_AGENT_EVENTS, `${what}\n`);
say(`agent ${JSON.stringify(process.argv.slice(2))} ${process.env.SWEEP_URL} ${process.env.SWEEP_API_KEY} as process ${process.pid}`);
if (process.argv.includes('--count')) process.exit(3);
setInterval(() => undefined, 1000);
// As the real one: the first signal lets programs finish, the second ends it.
let seen = 0;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    seen++;
    if (seen === 1) return say('agent drains');
    say(`agent stops by ${signal}`);
    process.exit(0);
  });
}
