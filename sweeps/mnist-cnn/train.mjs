/** A small convolutional network on a part of MNIST. By hand: `node sweeps/mnist-cnn/train.mjs --lr=0.01 --filters=8` */
import { params, report, shouldStop } from '@sweep/sdk';
import { loadBackend } from '../lib/backend.mjs';
import { flags } from '../lib/flags.mjs';
import { loadDigits } from './mnist.mjs';

const config = params(flags({ lr: 0.005, filters: 8, dropout: 0.1, batch: 32, optimizer: 'adam', epochs: 9, images: 1500, seed: 1 }));

const { tf, name: backend } = await loadBackend();
const { layers, sequential } = await import('@tensorflow/tfjs-layers');
console.log(`backend: ${backend}`);
report({ [`backend/${backend}`]: 1 });

const glorot = (n) => ({ className: 'GlorotUniform', config: { seed: config.seed + n } });
const model = sequential({
  layers: [
    layers.conv2d({
      inputShape: [28, 28, 1],
      filters: config.filters,
      kernelSize: 3,
      strides: 2,
      activation: 'relu',
      kernelInitializer: glorot(1),
    }),
    layers.conv2d({ filters: 2 * config.filters, kernelSize: 3, strides: 2, activation: 'relu', kernelInitializer: glorot(2) }),
    layers.flatten(),
    layers.dropout({ rate: config.dropout, seed: config.seed }),
    layers.dense({ units: 10, activation: 'softmax', kernelInitializer: glorot(3) }),
  ],
});
model.compile({ optimizer: tf.train[config.optimizer](config.lr), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

const train = loadDigits(tf, 'train', config.images);
const test = loadDigits(tf, 't10k', 500);
await model.fit(train.images, train.labels, {
  epochs: config.epochs,
  batchSize: config.batch,
  validationData: [test.images, test.labels],
  verbose: 0,
  callbacks: {
    onEpochEnd: (epoch, { loss, acc, val_loss, val_acc }) => {
      console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, val_acc ${val_acc.toFixed(4)}`);
      report({ step: epoch + 1, loss, acc, val_loss, val_acc });
      if (shouldStop()) model.stopTraining = true;
    },
  },
});
