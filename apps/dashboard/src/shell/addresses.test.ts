import { describe, expect, it } from 'vitest';
import { partsOf, projectAddress, runAddress, sweepAddress } from './addresses.js';

describe('addresses', () => {
  it('are those that the command line and the wandb client print', () => {
    expect(sweepAddress('ada/digits/k3f9x2ab')).toBe('/ada/digits/sweeps/k3f9x2ab');
    expect(projectAddress('ada/digits')).toBe('/ada/digits');
    expect(runAddress('ada/digits', 'a1b2c3d4')).toBe('/ada/digits/runs/a1b2c3d4');
  });

  it('hold any handle of a run as one part', () => {
    const address = runAddress('ada/digits', 'lr=1/2?#%');
    expect(partsOf(address)).toEqual(['ada', 'digits', 'runs', 'lr=1/2?#%']);
  });

  it('that are no addresses are read as they stand', () => expect(partsOf('/50%/x')).toEqual(['50%', 'x']));
});
