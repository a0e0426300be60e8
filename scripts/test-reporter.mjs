/** Writes what a Vitest run found to the file named by SWEEP_TEST_SUMMARY; `test.mjs` prints it and judges skipped tests. */
import { writeFileSync } from 'node:fs';

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      // A file that could not be loaded has no failing test, only an error of its own.
      summary.failed += module.errors().length;
      for (const suite of module.children.allSuites()) summary.failed += suite.errors().length;
      for (const test of module.children.allTests()) count(summary, module, test);
    }
    writeFileSync(process.env.SWEEP_TEST_SUMMARY, JSON.stringify(summary));
  }
}

function count(summary, module, test) {
  const { state, note } = test.result();
  if (state === 'passed') summary.passed++;
  else if (state === 'failed') summary.failed++;
  else summary.skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: note ?? null });
}
