/**
 * The gradient of a 2-D convolution with respect to its filter, for TensorFlow.js' wasm backend, which ships without it and so cannot
 * train a convolution.
 *
 * The gradient is itself a convolution: of the input, with batch and channels swapped, by the gradient of the output, dilated by the
 * stride. The backend's own convolution is about twenty times faster at it than one strided slice and one product for each filter tap.
 */
import * as tf from '@tensorflow/tfjs-core';

function conv2dBackpropFilter({ inputs, attrs }) {
  const { x, dy } = inputs;
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs;
  if (dataFormat !== 'NHWC') throw new Error(`Conv2DBackpropFilter on wasm knows the layout NHWC only, not ${dataFormat}`);
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  return tf.tidy(() => {
    const channelsFirst = tf.transpose(seenPart(x, info), [3, 1, 2, 0]);
    const taps = tf.transpose(dy, [1, 2, 0, 3]);
    const gradient = tf.conv2d(channelsFirst, taps, 1, 'valid', 'NHWC', [info.strideHeight, info.strideWidth]);
    return tf.transpose(gradient, [1, 2, 0, 3]);
  });
}

/** The padded input without the rows and columns at its end that no output position reaches. */
function seenPart(x, info) {
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad4d(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  return tf.slice4d(padded, [0, 0, 0, 0], [info.batchSize, height, width, info.inChannels]);
}

/** Once per process; needs the wasm backend's package to be loaded. */
export function registerConv2dBackpropFilter() {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return;
  tf.registerKernel({ kernelName: 'Conv2DBackpropFilter', backendName: 'wasm', kernelFunc: conv2dBackpropFilter });
}
