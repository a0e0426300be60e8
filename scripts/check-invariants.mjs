/**
 * Says what does not hold in a database of Sweep, one line a violation: `node scripts/check-invariants.mjs DATABASE_URL`. Build first.
 * Reads only; may run beside a live controller. Exit status 1 if anything is broken, 2 if it cannot be judged.
 */
import { SweepError } from '@sweep/domain';
import { checkInvariants } from '@sweep/store';

const [url, ...rest] = process.argv.slice(2);
if (url === undefined || rest.length > 0) {
  process.stderr.write('usage: node scripts/check-invariants.mjs DATABASE_URL\n');
  process.exitCode = 2;
} else {
  await report(url);
}

async function report(url) {
  try {
    const violations = await checkInvariants(url);
    for (const { invariant, what } of violations) process.stdout.write(`${invariant} ${what}\n`);
    if (violations.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof SweepError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
