import { execFileSync } from 'node:child_process';
import { Float, float, type ParamValue } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonJson, pythonRepr, pythonStr } from './python-text.js';

describe('a value as Python prints it', () => {
  it.each<[ParamValue, string]>([
    [true, 'True'],
    [null, 'None'],
    [16, '16'],
    [new Float(16), '16.0'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [new Float(1e16), '1e+16'],
    [new Float(1e15), '1000000000000000.0'],
    [new Float(1e22), '1e+22'],
    [new Float(-0), '-0.0'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [12345678901234567890n, '12345678901234567890'],
    ["it's", "it's"],
    [["it's", 'say "x"', `it's "x"`, 'a\\b\n\u0007é\u200b😀'], "[\"it's\", 'say \"x\"', 'it\\'s \"x\"', 'a\\\\b\\n\\x07é\\u200b😀']"],
    [{ a: [1, { b: null }] }, "{'a': [1, {'b': None}]}"],
  ])('%o', (value, text) => expect(pythonStr(value)).toBe(text));
});

it("JSON has Python's spacing, ASCII and bare NaN", () => {
  expect(pythonJson({ a: [1, new Float(2), Number.NaN, 'é😀\u007f"\n'], b: {} })).toBe(
    '{"a": [1, 2.0, NaN, "\\u00e9\\ud83d\\ude00\\u007f\\"\\n"], "b": {}}',
  );
});

describe.skipIf(!hasPython())('beside Python (needs python3)', () => {
  const scalars: fc.Arbitrary<ParamValue> = fc.oneof(
    fc.constantFrom<ParamValue>(null, true, false),
    fc.double().map(float),
    fc.integer().map((digits) => float(digits / 1e5)),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
    fc.string(),
    // Assigned characters that both sides' Unicode tables know, and quoting.
    fc.string({ unit: fc.constantFrom("'", '"', '\\', ' ', '\n', '\t', 'é', '\u00a0', '\u00ad', '\u2028', '😀', '\u0000', 'x', '\u007f') }),
  );
  const { tree } = fc.letrec<{ tree: ParamValue }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      scalars,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string({ unit: fc.constantFrom('k', "'", 'é', ' '), minLength: 1 }), tie('tree'), { maxKeys: 3 }),
    ),
  }));

  it('repr and json.dumps say the same', () => {
    const values = fc.sample(tree, { numRuns: 1_000, seed: 7 });
    // The JSON reading of Python keeps ints and floats apart, so our own JSON carries the values over.
    const program = 'import sys,json\nfor line in sys.stdin:\n  v=json.loads(line); print(json.dumps([repr(v), json.dumps(v)]))';
    const input = values.map((value) => pythonJson(value)).join('\n');
    const theirs = execFileSync('python3', ['-c', program], { input })
      .toString()
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(values.map((value) => [pythonRepr(value), pythonJson(value)])).toEqual(theirs);
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', ''], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
