// An unmodified trainer: prints its progress and writes a TensorBoard event file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { event, record, scalar } from '../events.mjs';

console.log('starting');
console.log('epoch 1 acc=0.5');
console.log('epoch 2 acc=0.75');
mkdirSync('runs/a', { recursive: true });
writeFileSync(`runs/a/events.out.tfevents.1700000000.host.${process.pid}.0`, record(event(1700000000, 1, scalar('train/loss', 0.25))));
