import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastError } from './last-error.js';

const python = `Epoch 1: 100%|####| 10/10
Traceback (most recent call last):
  File "train.py", line 3, in <module>
    raise ValueError("bad lr")
ValueError: bad lr
`;
const node = `/work/train.js:3
throw new RangeError('bad lr');
^

RangeError: bad lr
    at Object.<anonymous> (/work/train.js:3:7)
    at node:internal/main/run_main_module:28:49 {
  code: 'ERR_X'
}

Node.js v20.20.0
`;

describe('the last error on stderr', () => {
  it.each([
    ['of Python', python, 'ValueError: bad lr'],
    ['of Python, followed by what ran at exit', `${python}wandb: Waiting for uploads\n`, 'ValueError: bad lr'],
    [
      'of the last of several that caused each other',
      `KeyError: 1\n\nDuring handling of the above:\n\nRuntimeError: two\n`,
      'RuntimeError: two',
    ],
    ['of Node, above its stack', node, 'RangeError: bad lr'],
    ['of a module', 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', undefined],
    [
      'of argument parsers',
      'usage: train.py [-h]\ntrain.py: error: unrecognized arguments: --lr=3\n',
      'train.py: error: unrecognized arguments: --lr=3',
    ],
    ['of compilers', 'error[E0308]: mismatched types\n  --> src/main.rs:3\n', 'error[E0308]: mismatched types'],
    ['without a message', 'Traceback:\nKeyboardInterrupt\n', 'KeyboardInterrupt'],
    ['of a shell', 'train.sh: line 2: nosuch: command not found\n', 'train.sh: line 2: nosuch: command not found'],
  ])('is found as the line %s', (_, stderr, line) => {
    expect(lastError(stderr)).toBe(line ?? stderr);
  });

  it('is the last line that says anything where none names an error', () => {
    expect(lastError('starting\nno data in /mnt/x\n\n   \n----\n')).toBe('no data in /mnt/x');
  });

  it('is nothing where nothing was said', () => {
    expect(lastError('')).toBeNull();
    expect(lastError('\n \n^\n\u001b[0m\n')).toBeNull();
  });

  it('has no colours, no progress bar before it, no line ends', () => {
    expect(lastError('50%\r100%\r\u001b[31mValueError\u001b[0m: bad\u0007 \u202elr\r\n')).toBe('ValueError: bad lr');
  });

  it('is short and printable, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const line = lastError(text);
        if (line === null) return;
        expect([...line].length).toBeLessThanOrEqual(200);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line.trim()).not.toBe('');
      }),
    );
  });
});
