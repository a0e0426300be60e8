/**
 * From the reports of pytest to docs/wandb-conformance.md. Owns the words; the reasons (reasons.mjs) are given:
 * `{ tests: RegExp, reason, relevant }`.
 */
const unescaped = (text) =>
  text
    .replace(/&#10;/g, '\n')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');

/** Of a JUnit report: `{ test, outcome, message }`. */
export function outcomesIn(xml) {
  return [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, place, name, inner = '']) => {
      const [, kind, message = ''] = /<(failure|error|skipped)[^>]*?message="([^"]*)"/s.exec(inner) ?? [];
      const test = `${place.replace('tests.system_tests.', '')}::${unescaped(name)}`;
      return { test, outcome: { failure: 'failed', error: 'failed', skipped: 'skipped' }[kind] ?? 'passed', message: unescaped(message) };
    },
  );
}

const reasonOf = ({ test }, reasons) => reasons.find(({ tests }) => tests.test(test));
const firstLine = (text) => text.split('\n')[0].slice(0, 200);

/** What the reasons do not say, or say wrongly. */
export function differences(found, reasons) {
  return Object.values(found).flatMap((outcomes) =>
    outcomes.flatMap((one) => {
      if (one.outcome === 'failed' && reasonOf(one, reasons) === undefined) return [`FAILED ${one.test}: ${firstLine(one.message)}`];
      return one.outcome === 'passed' && reasonOf(one, reasons) !== undefined ? [`PASSES BY NOW ${one.test}`] : [];
    }),
  );
}

function countsOf(outcomes, reasons) {
  const passed = outcomes.filter(({ outcome }) => outcome === 'passed').length;
  const skipped = outcomes.filter(({ outcome }) => outcome === 'skipped').length;
  const failed = outcomes.length - passed - skipped;
  const relevant = passed + outcomes.filter((one) => one.outcome === 'failed' && reasonOf(one, reasons)?.relevant !== false).length;
  return {
    all: outcomes.length,
    passed,
    failed,
    skipped,
    relevant,
    share: relevant === 0 ? '' : `${((100 * passed) / relevant).toFixed(1)} %`,
  };
}

const byReason = (outcomes, textOf) => {
  const groups = new Map();
  for (const one of outcomes) groups.set(textOf(one), [...(groups.get(textOf(one)) ?? []), one.test]);
  return [...groups].map(([reason, tests]) => `- ${reason}\n${tests.map((test) => `  - \`${test}\``).join('\n')}`).join('\n');
};

export function pageOf(found, version, reasons) {
  const rows = Object.entries(found).map(([folder, outcomes]) => {
    const { all, passed, failed, skipped, relevant, share } = countsOf(outcomes, reasons);
    return `| \`${folder}\` | ${all} | ${passed} | ${failed} | ${skipped} | ${relevant} | ${share} |`;
  });
  const everything = Object.values(found).flat();
  const failed = everything.filter(({ outcome }) => outcome === 'failed');
  const skipped = everything.filter(({ outcome }) => outcome === 'skipped');
  return `# W&B's own tests

Written by \`scripts/wandb-upstream CHECKOUT\`: the system tests of [wandb](https://github.com/wandb/wandb) ${version} (MIT), unchanged and in a checkout of
their own, with the client ${version} against a controller of this build. Relevant are the tests that passed, and those that failed for a reason that is ours.

| folder | tests | passed | failed | skipped | relevant | passed of the relevant |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## Failed, because of this server

${
  byReason(
    failed.filter((one) => reasonOf(one, reasons)?.relevant !== false),
    (one) => reasonOf(one, reasons)?.reason ?? 'not explained yet',
  ) || 'None.'
}

## Failed, for other reasons

${
  byReason(
    failed.filter((one) => reasonOf(one, reasons)?.relevant === false),
    (one) => reasonOf(one, reasons).reason,
  ) || 'None.'
}

## Skipped by the tests themselves

${byReason(skipped, ({ message }) => firstLine(message)) || 'None.'}
`;
}
