/** Points per second from an agent's session to committed rows: 16 attempts, batches of 4 metrics × 100 points, acknowledged. */
import { randomUUID } from 'node:crypto';
import { dialAgents, protocolVersion } from '@sweep/protocol';
import { residentMb, startSystem } from './system.mjs';

const attempts = 16;
const metrics = 4;
const pointsPerSeries = 100;
const batchesPerAttempt = 150;

export async function ingest(options) {
  const system = await startSystem(options);
  try {
    const values = Array.from({ length: attempts }, (_, index) => index).join(', ');
    await system.client.createSweep({ config: `method: grid\nparameters: {x: {values: [${values}]}}\ncommand: ['true']\n` });
    const channel = dialAgents({ url: system.grpcUrl, key: () => system.key });
    const machine = { hostname: 'bench', platform: 'linux', cpus: 1, memoryBytes: 1, gpus: [], labels: {} };
    const slots = Array.from({ length: attempts }, (_, index) => ({ index, gpuUuids: [] }));
    const session = await channel.session({
      protocolVersion,
      agentVersion: '0',
      agentId: randomUUID(),
      name: 'bench',
      pool: 'default',
      sweepId: '',
      machine,
      slots,
      held: [],
    });
    await session.send({ $case: 'ready', value: { slots: slots.map((slot) => slot.index) } });
    const leases = [];
    const acked = new Map();
    let done;
    const finished = new Promise((resolve) => {
      done = resolve;
    });
    let granted;
    const all = new Promise((resolve) => {
      granted = resolve;
    });
    const reading = (async () => {
      for await (const message of session.messages) {
        if (message.$case === 'grant' && leases.push(message.value.leaseId) === attempts) granted();
        if (message.$case === 'acknowledged') {
          acked.set(message.value.leaseId, message.value.pointSequence);
          if (leases.length === attempts && leases.every((lease) => acked.get(lease) === batchesPerAttempt)) done();
        }
      }
    })();
    await all;
    const begun = performance.now();
    for (let sequence = 1; sequence <= batchesPerAttempt; sequence++) {
      const steps = Array.from({ length: pointsPerSeries }, (_, index) => (sequence - 1) * pointsPerSeries + index);
      const series = Array.from({ length: metrics }, (_, index) => ({
        name: `metric-${index}`,
        steps,
        values: steps.map((step) => Math.sin(step)),
        times: steps.map((step) => 1.7e12 + step),
      }));
      for (const leaseId of leases) await session.send({ $case: 'points', value: { leaseId, sequence, series } });
    }
    await finished;
    const seconds = (performance.now() - begun) / 1000;
    const points = attempts * metrics * pointsPerSeries * batchesPerAttempt;
    const rss = await residentMb(system.controllerPid);
    session.close();
    await reading;
    channel.close();
    return { points, seconds: seconds.toFixed(2), 'points/s': Math.round(points / seconds), 'controller RSS (MiB)': Math.round(rss) };
  } finally {
    await system.stop();
  }
}
