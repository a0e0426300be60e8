import { Invalid } from '@sweep/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64OfHex, base64OfText, hexOfBase64, textOfBase64 } from './base64.js';
import { displayName } from './display-name.js';
import { fileName, normalFileName } from './file-name.js';
import { storageId, storageKey } from './storage-ids.js';

describe('base64', () => {
  it('is what Node writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(base64OfText(text)).toBe(Buffer.from(text).toString('base64'));
        expect(textOfBase64(base64OfText(text))).toBe(text);
      }),
    );
  });

  it('turns digests into hex and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const [hex, base64] = [Buffer.from(bytes).toString('hex'), Buffer.from(bytes).toString('base64')];
        expect(base64OfHex(hex)).toBe(base64);
        expect(hexOfBase64(base64)).toBe(hex);
      }),
    );
  });

  it.each(['a', 'ab=', 'a===', 'ab-_', '=abc', 'YQ=', 'YQ== '])('refuses %j', (text) => {
    expect(textOfBase64(text)).toBeUndefined();
    expect(hexOfBase64(text)).toBeUndefined();
  });

  it('refuses bytes that are no text, and hex that is none', () => {
    expect(textOfBase64('/w==')).toBeUndefined();
    expect(base64OfHex('abc')).toBeUndefined();
    expect(base64OfHex('zz')).toBeUndefined();
  });
});

describe('a storage id', () => {
  it('is standard base64 of its kind and key: the client takes those of artifacts apart', () => {
    expect(storageId('Artifact', 42)).toBe(Buffer.from('Artifact:42').toString('base64'));
    expect(storageKey('Run', storageId('Run', 'ann/demo/ab12cd34'))).toBe('ann/demo/ab12cd34');
  });

  it('of another kind is not taken', () => {
    expect(storageKey('Run', storageId('Artifact', 1))).toBeUndefined();
    expect(storageKey('Project', storageId('ProjectInternalId', 1))).toBeUndefined();
  });

  it.each(['', 'nonsense', 'UnVuOg==', '/w=='])('is not %j', (text) => {
    expect(storageKey('Run', text)).toBeUndefined();
  });
});

describe('a file name', () => {
  it.each([
    ['model.pt', 'model.pt'],
    ['./my file.txt', 'my file.txt'],
    ['media/./images//a%20b.png', 'media/images/a%20b.png'],
    ['./test with_special-characters.txt', 'test with_special-characters.txt'],
    ['..hidden/...', '..hidden/...'],
    ['ünïcödé/模型', 'ünïcödé/模型'],
  ])('%j is %j', (given, normal) => {
    expect(fileName(given)).toBe(normal);
  });

  it.each(['', '.', './', '/etc/passwd', '../x', 'a/../../x', 'a/..', 'a\u0000b', 'a\nb', 'x'.repeat(1025)])('is refused: %j', (given) => {
    expect(normalFileName(given)).toBeUndefined();
    expect(() => fileName(given)).toThrow(Invalid);
  });

  it('once normal stays as it is', () => {
    const part = fc.constantFrom('.', '..', 'a', 'b c', '');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const once = normalFileName(parts.join('/'));
        if (once !== undefined) expect(normalFileName(once)).toBe(once);
      }),
    );
  });
});

describe('a generated name', () => {
  it('is an adjective, a noun and a number', () => {
    expect(displayName([0, 0], 1)).toBe('amber-aurora-1');
    expect(displayName([0.999_999, 0.999_999], 27)).toBe('zesty-wood-27');
  });

  it('has the form that clients expect, whatever the random numbers', () => {
    const number = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.nat(), (a, b, n) => {
        expect(displayName([a, b], n)).toMatch(/^[a-z]+-[a-z]+-\d+$/);
      }),
    );
  });
});
