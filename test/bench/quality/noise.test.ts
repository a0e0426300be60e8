import { describe, expect, it } from 'vitest';
import { gaussian, uniforms } from './noise.js';

describe('the noise of an evaluation', () => {
  it('is what other benchmarks derive from the same words', () => {
    expect(uniforms('public-1', 'S_branin2_noisy', 3, '[0.5, 5.0]', 1)).toEqual([
      0.25630845233285426, 0.8182486778156418, 0.03471316979659822,
    ]);
  });

  it('changes with the visit', () => {
    expect(uniforms('public-1', 'S_branin2_noisy', 3, '[0.5, 5.0]', 2)).not.toEqual(
      uniforms('public-1', 'S_branin2_noisy', 3, '[0.5, 5.0]', 1),
    );
  });

  it('is finite even where the first number is 0', () => {
    expect(gaussian([0, 0, 0])).toBeCloseTo(37.169, 3);
  });
});
