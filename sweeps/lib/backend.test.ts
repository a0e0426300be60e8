// Registers the gradients of all operations.
import '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { loadBackend } from './backend.mjs';

type Case = {
  name: string;
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid' | number;
};

const cases: Case[] = [
  { name: 'stride 1, valid', x: [3, 9, 8, 2], filter: [3, 3, 2, 4], strides: 1, pad: 'valid' },
  { name: 'stride 1, same', x: [3, 9, 8, 2], filter: [3, 3, 2, 4], strides: 1, pad: 'same' },
  { name: 'stride 2, valid, a rest that no output reaches', x: [2, 10, 9, 3], filter: [3, 3, 3, 5], strides: 2, pad: 'valid' },
  { name: 'stride 2, same, padding that differs at the two ends', x: [2, 10, 9, 3], filter: [3, 3, 3, 5], strides: 2, pad: 'same' },
  { name: 'strides and filter that differ by axis', x: [2, 11, 12, 1], filter: [2, 5, 1, 3], strides: [3, 2], pad: 'valid' },
  { name: 'padding as a number', x: [1, 7, 7, 2], filter: [3, 3, 2, 2], strides: 2, pad: 1 },
  { name: 'one output position', x: [4, 5, 5, 2], filter: [5, 5, 2, 3], strides: 1, pad: 'valid' },
];

/** The gradients of a convolution with respect to its filter and its input, on one backend. */
async function gradients({ x, filter, strides, pad }: Case, backend: 'wasm' | 'cpu') {
  const { tf } = await loadBackend([backend]);
  return tf.tidy(() => {
    const input = tf.randomUniform(x, -1, 1, 'float32', 'input');
    const weights = tf.randomUniform(filter, -1, 1, 'float32', 'weights');
    const loss = (a: typeof input, b: typeof weights) => tf.sum(tf.square(tf.conv2d(a as never, b as never, strides, pad)));
    return tf
      .grads(loss as never)([input, weights])
      .map((gradient) => Array.from(gradient.dataSync()));
  });
}

function largestRelativeDifference(a: readonly number[], b: readonly number[]): number {
  const scale = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / scale;
}

describe('the filter gradient that we add to the wasm backend', () => {
  it.each(cases)('equals that of the cpu backend: $name', async (shape) => {
    const [wasm, cpu] = [await gradients(shape, 'wasm'), await gradients(shape, 'cpu')];
    expect(wasm[1]).toHaveLength(shape.filter.reduce((a, b) => a * b));
    expect(largestRelativeDifference(wasm[1]!, cpu[1]!)).toBeLessThan(1e-5);
    expect(largestRelativeDifference(wasm[0]!, cpu[0]!)).toBeLessThan(1e-5);
  });

  it('leaves no tensor behind', async () => {
    const { tf } = await loadBackend(['wasm']);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) await gradients(cases[3]!, 'wasm');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('choosing a backend', () => {
  it('passes over what is not installed and names what it took', async () => {
    expect((await loadBackend(['tfjs-node-gpu', 'wasm'])).name).toMatch(/^(tfjs-node-gpu|wasm)$/);
    expect((await loadBackend(['cpu'])).name).toBe('cpu');
  });

  it('says for each why it was refused when none is left', async () => {
    await expect(loadBackend([])).rejects.toThrow('no TensorFlow.js backend works here');
  });
});
