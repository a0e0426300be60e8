import { Unavailable } from '@sweep/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionRequest } from './gen/sweep/v1/agent.js';
import { seal, unseal } from './seal.js';

const body: SessionRequest['body'] = { $case: 'renew', value: { leaseIds: ['lease-1', 'lease-2'] } };

describe('a sealed message', () => {
  it('is what it was', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        expect([...unseal(seal(message))]).toEqual([...message]);
      }),
    );
  });

  it('holds the CRC-32 of its bytes, by the check value of the algorithm', () => {
    expect(seal(Buffer.from('123456789')).subarray(9).toString('hex')).toBe('7d2639f4cb');
  });

  it('is refused when any one of its bytes was changed, or its end is missing', () => {
    const sealed = seal(SessionRequest.encode({ body }).finish());
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = changed[at]! ^ 0x55;
      expect(() => unseal(changed)).toThrow(Unavailable);
      expect(() => unseal(sealed.subarray(0, at))).toThrow(Unavailable);
    }
  });

  it('can be read by who knows nothing of seals', () => {
    const read = SessionRequest.decode(seal(SessionRequest.encode({ body }).finish()));
    expect(read.body).toEqual(body);
    expect(read.checksum).toBeTypeOf('number');
  });
});
