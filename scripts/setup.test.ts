import { describe, expect, it } from 'vitest';
import { tooOld } from './setup.mjs';

describe('the Node that a checkout is used with', () => {
  it.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.21.0'])('may be %s where 20.19 is asked for', (version) => {
    expect(tooOld(version, '>=20.19')).toBeUndefined();
  });

  it.each(['v18.20.4', 'v20.9.0', 'v20.18.3', 'v8.0.0'])('is refused in one clear sentence when it is %s', (version) => {
    expect(tooOld(version, '>=20.19')).toBe(
      `Sweep needs Node 20.19 or newer and this is Node ${version.slice(1)}: install a newer one, e.g. with nvm install 20`,
    );
  });
});
