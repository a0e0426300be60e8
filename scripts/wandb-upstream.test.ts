/** What becomes of the reports of W&B's own tests: test/wandb-upstream. */
import { describe, expect, it } from 'vitest';
import { differences, outcomesIn, pageOf } from '../test/wandb-upstream/report.mjs';

const xml = `<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.system_tests.test_core.test_a" name="test_one[x &amp; y]" time="1" />
<testcase classname="tests.system_tests.test_core.test_a" name="test_two" time="1"><failure message="assert 1 == 2&#10;more">trace
&lt;more&gt;</failure></testcase>
<testcase classname="tests.system_tests.test_core.test_a" name="test_three" time="1"><skipped type="pytest.skip" message="needs torch">x</skipped></testcase>
<testcase classname="tests.system_tests.test_core.test_b" name="test_four" time="1"><error message="in its fixture">x</error></testcase>
<testcase classname="tests.system_tests.test_core.test_b" name="test_five" time="1"></testcase>
</testsuite></testsuites>`;

const reasons = [
  { tests: /::test_two$/, reason: 'there is no two here', relevant: true },
  { tests: /::test_four$/, reason: 'the internet is not there', relevant: false },
];

describe('a report of pytest', () => {
  it('is read test by test', () => {
    expect(outcomesIn(xml)).toEqual([
      { test: 'test_core.test_a::test_one[x & y]', outcome: 'passed', message: '' },
      { test: 'test_core.test_a::test_two', outcome: 'failed', message: 'assert 1 == 2\nmore' },
      { test: 'test_core.test_a::test_three', outcome: 'skipped', message: 'needs torch' },
      { test: 'test_core.test_b::test_four', outcome: 'failed', message: 'in its fixture' },
      { test: 'test_core.test_b::test_five', outcome: 'passed', message: '' },
    ]);
  });

  it('differs from the reasons where a failure has none, and where a test with one passes', () => {
    const found = { test_core: outcomesIn(xml) };
    expect(differences(found, reasons)).toEqual([]);
    expect(differences(found, [reasons[0], { tests: /five/, reason: 'five fails', relevant: true }])).toEqual([
      'FAILED test_core.test_b::test_four: in its fixture',
      'PASSES BY NOW test_core.test_b::test_five',
    ]);
  });

  it('counts as relevant what passed, and what failed because of this server', () => {
    const page = pageOf({ test_core: outcomesIn(xml) }, '1.2.3', reasons);
    expect(page).toContain('| `test_core` | 5 | 2 | 2 | 1 | 3 | 66.7 % |');
    expect(page).toMatch(/because of this server\n\n- there is no two here\n {2}- `test_core\.test_a::test_two`/);
    expect(page).toMatch(/other reasons\n\n- the internet is not there\n {2}- `test_core\.test_b::test_four`/);
    expect(page).toMatch(/Skipped by the tests themselves\n\n- needs torch\n/);
  });
});
