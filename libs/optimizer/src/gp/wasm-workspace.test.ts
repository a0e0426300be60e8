import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainWorkspace } from '../../testing/plain-workspace.js';
import { fillWorkspace, workspaceContract } from '../../testing/workspace-contract.js';
import { exp } from '../math/elementary.js';
import { kernelBase64, kernelDigest } from './gen/kernel.wasm.js';
import { openWorkspace } from './wasm-workspace.js';
import { decodeBase64 } from './webassembly.js';
import { blockSize, type Shape, type Workspace } from './workspace.js';

workspaceContract('in plain loops', plainWorkspace);
workspaceContract('in WebAssembly', openWorkspace);

function solved(open: (shape: Shape) => Workspace, shape: Shape, seed: number): Workspace {
  const workspace = open(shape);
  fillWorkspace(workspace, seed);
  expect(workspace.factor(0, shape.capacity, 1.3)).toBe(shape.capacity);
  workspace.solve(shape.capacity);
  workspace.predict(shape.capacity, 1.3, blockSize, true);
  return workspace;
}

describe('the compiled kernel', () => {
  it('gives the bits of the plain loops, but for inverses and slopes, which differ by roundings', () => {
    const shapes = fc.record({
      capacity: fc.integer({ min: 1, max: 150 }),
      numeric: fc.integer({ min: 0, max: 4 }),
      categorical: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 2 ** 31 }), (shape, seed) => {
        const [ours, plain] = [solved(openWorkspace, shape, seed), solved(plainWorkspace, shape, seed)];
        for (let row = 0; row < shape.capacity; row += 1) expect(ours.pivot(row)).toBe(plain.pivot(row));
        expect(ours.vector).toEqual(plain.vector);
        expect(ours.means).toEqual(plain.means);
        expect(ours.variances).toEqual(plain.variances);
        const size = Math.max(1, ...plain.meanSlopes.map(Math.abs), ...plain.varianceSlopes.map(Math.abs));
        plain.meanSlopes.forEach((slope, at) => {
          expect(Math.abs(ours.meanSlopes[at]! - slope)).toBeLessThan(1e-10 * size);
        });
        plain.varianceSlopes.forEach((slope, at) => {
          expect(Math.abs(ours.varianceSlopes[at]! - slope)).toBeLessThan(1e-10 * size);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('has the exponential of the library, down to where it is 0', () => {
    const workspace = openWorkspace({ capacity: 1, numeric: 1, categorical: 0 });
    workspace.weights[0] = 1;
    workspace.noise[0] = 1;
    workspace.vector[0] = 1;
    workspace.factor(0, 1, 1);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 340, noNaN: true }), (distance) => {
        workspace.candidates[0] = distance;
        workspace.predict(1, 1, 1, false);
        const z = Math.sqrt(5) * Math.sqrt(distance * distance);
        expect(workspace.means[0]).toBe((1 + z + z * z * (1 / 3)) * exp(-z));
      }),
      { numRuns: 2000 },
    );
  });

  it('has the same bits wherever it runs', () => {
    const hash = createHash('sha256');
    for (const capacity of [1, 6, 64, 131]) {
      const workspace = solved(openWorkspace, { capacity, numeric: 4, categorical: 2 }, capacity);
      const slopes = new Float64Array(8);
      workspace.gradient(capacity, 1.3, slopes);
      const diagonal = new Float64Array(capacity);
      workspace.inverseDiagonal(capacity, diagonal);
      const { vector, means, variances, meanSlopes, varianceSlopes } = workspace;
      for (const numbers of [vector, slopes, diagonal, means, variances, meanSlopes, varianceSlopes]) {
        hash.update(new Uint8Array(numbers.slice().buffer));
      }
    }
    expect(hash.digest('hex')).toBe('a93f017974be7c429e0e4909642c4e69fdafedf0a5e2f01a4a01fe6351584864');
  });

  it('is the module that was compiled', () => {
    expect(createHash('sha256').update(decodeBase64(kernelBase64)).digest('hex')).toBe(kernelDigest);
  });

  it('takes at most 24 MiB for 1,000 rows', () => {
    const { rows } = openWorkspace({ capacity: 1000, numeric: 20, categorical: 4 });
    expect(rows.buffer.byteLength).toBeLessThan(24 * 2 ** 20);
  });

  it('opens workspaces that know nothing of each other', () => {
    const shape = { capacity: 30, numeric: 2, categorical: 1 };
    const alone = solved(openWorkspace, shape, 1);
    const before = [...alone.means];
    solved(openWorkspace, shape, 2);
    alone.predict(30, 1.3, blockSize, false);
    expect([...alone.means]).toEqual(before);
  });
});

describe('Base64', () => {
  it('is decoded as the platform decodes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
      }),
    );
  });
});
