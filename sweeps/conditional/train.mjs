/**
 * A made-up loss whose parameters depend on one another. By hand:
 * `node sweeps/conditional/train.mjs --optimizer=adam --lr=0.003 --beta2=0.99 --depth=4 --width=128`
 */
import { params, report } from '@sweep/sdk';
import { flags } from '../lib/flags.mjs';

const config = params(flags({ optimizer: 'sgd', lr: 0.01, momentum: 0, beta2: 0, depth: 2, width: 64 }));

const best = { sgd: 0.1, adam: 0.003 }[config.optimizer];
const tuned = config.optimizer === 'sgd' ? Math.abs(config.momentum - 0.9) : 10 * Math.abs(config.beta2 - 0.99);
const capacity = Math.abs(Math.log2((config.depth * config.width) / 512));
const end = 0.1 * Math.log10(config.lr / best) ** 2 + 0.2 * tuned + 0.1 * capacity + (config.optimizer === 'adam' ? 0.05 : 0.1);
for (let step = 1; step <= 5; step++) report({ step, loss: end + 1 / step ** 2 });
console.log(`loss ${(end + 1 / 25).toFixed(4)}`);
