/**
 * The fastest TensorFlow.js backend that this machine has.
 *
 * The two addons download a native library when they are installed, so they are optional and loaded by trial only.
 */
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { registerConv2dBackpropFilter } from './conv2d-backprop-filter.mjs';

const loaders = {
  'tfjs-node-gpu': () => addon('@tensorflow/tfjs-node-gpu'),
  'tfjs-node': () => addon('@tensorflow/tfjs-node'),
  wasm: async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    registerConv2dBackpropFilter();
    return 'wasm';
  },
  cpu: async () => {
    // Otherwise it prints the advice to install what was tried just before.
    tf.enableProdMode();
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  },
};

async function addon(name) {
  // Node 23 removed two functions that the addon's 4.22 still calls (tensorflow/tfjs#8609).
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  await import(name);
  return 'tensorflow';
}

/**
 * Loads the first backend of `order` that works here and says which.
 *
 * @param {(keyof typeof loaders)[]} order
 */
export async function loadBackend(order = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']) {
  const refused = [];
  for (const name of order) {
    try {
      if (await tf.setBackend(await loaders[name]())) return { tf, name };
      refused.push(`${name}: did not start`);
    } catch (error) {
      // Not installed, or its native library does not load here: the next one may.
      refused.push(`${name}: ${error.message.split('\n')[0]}`);
    }
  }
  throw new Error(`no TensorFlow.js backend works here\n${refused.join('\n')}`);
}
