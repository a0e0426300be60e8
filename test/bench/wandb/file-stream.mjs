/** Points per second through `file_stream`: 16 runs at once, each sending lines of five metrics as the client does. */
import { startSystem } from '../system.mjs';
import { atOnce, callsTo, cpuSeconds } from './calls.mjs';

const runs = 16;
const requests = 20;
const linesEach = 500;
const metrics = ['loss', 'val/loss', 'accuracy', 'rate', 'gradient.norm'];

function body(request) {
  const offset = request * linesEach;
  const content = Array.from({ length: linesEach }, (_, index) => {
    const step = offset + index;
    const values = Object.fromEntries(metrics.map((name, at) => [name, Math.sin(step + at)]));
    return JSON.stringify({ ...values, _step: step, _timestamp: 1.79e9 + step / 10, _runtime: step / 10 });
  });
  return { files: { 'wandb-history.jsonl': { offset, content }, 'wandb-summary.json': { offset: 0, content: [content.at(-1)] } } };
}

export async function fileStream() {
  const system = await startSystem({ settings: { SWEEP_RATE_LIMIT: '0' } });
  try {
    const calls = callsTo(system);
    const names = Array.from({ length: runs }, (_, index) => `run-${index}`);
    let entity;
    for (const name of names) entity = await calls.begin(name);
    const bodies = Array.from({ length: requests }, (_, request) => body(request));
    const cpuBefore = await cpuSeconds(system.controllerPid);
    const begun = performance.now();
    const work = names.map((name) => async () => {
      for (const one of bodies) await calls.stream(entity, name, one);
    });
    await atOnce(work, runs);
    const seconds = (performance.now() - begun) / 1000;
    const cpu = (await cpuSeconds(system.controllerPid)) - cpuBefore;
    const points = runs * requests * linesEach * metrics.length;
    return {
      'points through file_stream': points.toLocaleString('en'),
      'points through file_stream, each s': Math.round(points / seconds),
      'points through file_stream, each CPU s of the controller': Math.round(points / cpu),
    };
  } finally {
    await system.stop();
  }
}
