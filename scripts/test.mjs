/**
 * The tests: `npm test` (all kinds), `npm run test:fast` (unit and contract tests, from source), or `node scripts/test.mjs KIND… [-- VITEST…]`
 * with the kinds unit, e2e, browser, security, wandb and chaos.
 *
 * A test that cannot run here skips itself with a reason `NAME: why`. SWEEP_REQUIRE=redis,python turns such skips into failures.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.mjs';
import { main, SetupFailed, setup } from './setup.mjs';

const kinds = ['unit', 'e2e', 'browser', 'security', 'wandb', 'chaos'];

function chosen(args) {
  const wrong = args.find((arg) => !kinds.includes(arg));
  if (wrong !== undefined) throw new SetupFailed(`no such kind of tests: ${wrong}; there are ${kinds.join(', ')}`);
  return args.length === 0 ? kinds : args;
}

async function vitest(projects, rest) {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-tests-'));
  const summary = join(folder, 'summary.json');
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'test-reporter.mjs')}`];
  try {
    const args = ['run', ...projects.map((name) => `--project=${name}`), ...reporters, ...rest];
    const { code } = await run('vitest', args, { env: { SWEEP_TEST_SUMMARY: summary }, show: true });
    return { code, ...JSON.parse(readFileSync(summary, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The required service that a skipped test went without, if any. */
const missing = ({ name, reason }, required) => required.find((what) => new RegExp(`(^|[\\s(])${what}:`).test(`${name} ${reason ?? ''}`));

await main(async () => {
  const split = process.argv.indexOf('--');
  const [names, rest] = split < 0 ? [process.argv.slice(2), []] : [process.argv.slice(2, split), process.argv.slice(split + 1)];
  const projects = chosen(names);
  await setup();

  const { code, passed, failed, skipped } = await vitest(projects, rest);
  const required = (process.env.SWEEP_REQUIRE ?? '').split(',').filter((name) => name !== '');
  const refused = skipped.filter((test) => missing(test, required) !== undefined);
  if (skipped.length > 0) console.log('\nSkipped:');
  for (const test of skipped) {
    console.log(
      `  ${test.name}${test.reason === null ? '' : `: ${test.reason}`}${refused.includes(test) ? ' (required by SWEEP_REQUIRE: counted as failed)' : ''}`,
    );
  }
  console.log(`\n${passed} passed, ${failed + refused.length} failed, ${skipped.length - refused.length} skipped`);
  return code !== 0 || refused.length > 0 || passed === 0 ? 1 : 0;
});
