import { Invalid } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { parseRedisUrl, showAddress } from './redis-address.js';

const plain = { kind: 'single', tls: false, username: null, password: null, db: 0, name: null };

describe('a Redis URL', () => {
  it.each([
    ['redis://localhost', { ...plain, nodes: [{ host: 'localhost', port: 6379 }] }],
    ['redis://:p%40ss@10.0.0.1:7000/3', { ...plain, password: 'p@ss', db: 3, nodes: [{ host: '10.0.0.1', port: 7000 }] }],
    [
      'rediss://ann:secret@r.example:6380',
      { ...plain, tls: true, username: 'ann', password: 'secret', nodes: [{ host: 'r.example', port: 6380 }] },
    ],
    ['redis://[::1]:7000', { ...plain, nodes: [{ host: '::1', port: 7000 }] }],
    [
      'redis+sentinel://:pw@a,b:2/mymaster/1',
      {
        ...plain,
        kind: 'sentinel',
        password: 'pw',
        db: 1,
        name: 'mymaster',
        nodes: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 2 },
        ],
      },
    ],
    [
      'rediss+cluster://a:1,b:2',
      {
        ...plain,
        kind: 'cluster',
        tls: true,
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
  ])('%s is understood', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  it.each(['localhost:6379', 'http://localhost', 'redis://', 'redis+sentinel://a,b', 'redis://a/x', 'redis://a:b:c'])(
    '%s is refused',
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(Invalid);
    },
  );

  it('is never shown with its password', () => {
    expect(() => parseRedisUrl('redis:/x//ann:secret@host')).toThrow(/^(?!.*secret)/);
    expect(showAddress(parseRedisUrl('redis://ann:secret@host'))).toBe('Redis at host:6379');
  });
});
