import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signUrl, verifySignature } from './index.js';

const secret = Buffer.from('a secret of thirty-two characters');
const noon = Date.UTC(2026, 0, 1, 12);

describe('a signed URL', () => {
  it('opens the path that was signed, query included, until its time', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.option(fc.webQueryParameters(), { nil: '' }), (path, query) => {
        const signed = `/${path}${query === '' ? '' : `?${query}`}`;
        expect(verifySignature(secret, signUrl(secret, signed, noon + 1_000), noon)).toBe(signed);
      }),
    );
  });

  it('opens nothing from its time on', () => {
    const url = signUrl(secret, '/files/a', noon);
    expect(verifySignature(secret, url, noon - 1)).toBe('/files/a');
    expect(verifySignature(secret, url, noon)).toBeNull();
  });

  it('opens nothing when any of its characters was changed', () => {
    const url = signUrl(secret, '/files/a?name=b', noon);
    for (let i = 0; i < url.length; i++) {
      const changed = url.slice(0, i) + (url[i] === 'x' ? 'y' : 'x') + url.slice(i + 1);
      expect(verifySignature(secret, changed, noon - 1), changed).toBeNull();
    }
  });

  it('opens nothing with a later time, with a parameter more, or by another secret', () => {
    const url = signUrl(secret, '/files/a', noon);
    expect(verifySignature(secret, url.replace(`${noon}`, `${noon + 9_000}`), noon)).toBeNull();
    expect(verifySignature(secret, `${url}&more=1`, noon - 1)).toBeNull();
    expect(verifySignature(secret, url.replace('?', '?more=1&'), noon - 1)).toBeNull();
    expect(verifySignature(Buffer.from('another secret'), url, noon - 1)).toBeNull();
    expect(verifySignature(secret, '/files/a', noon)).toBeNull();
  });
});
