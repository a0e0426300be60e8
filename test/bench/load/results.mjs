/**
 * Many trials that report at a steady pace: how long the last result takes to be committed, beyond the time that the pace itself takes.
 *
 * Agents are sessions of this process on real sockets: what is measured is the controller and its database.
 */
import { randomUUID } from 'node:crypto';
import { dialAgents, protocolVersion } from '@sweep/protocol';
import { quantile, residentMb, startSystem, waitFor } from '../system.mjs';

const machine = { hostname: 'bench', platform: 'linux', cpus: 1, memoryBytes: 1, gpus: [], labels: {} };
const pause = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));

/** @param shape `trials` at once on `agents`, each with `perSecond` results for `seconds` */
export const resultsOf = (shape) => async (options) => {
  const system = await startSystem(options);
  try {
    const values = Array.from({ length: shape.trials }, (_, index) => index).join(', ');
    await system.client.createSweep({ config: `method: grid\nparameters: {x: {values: [${values}]}}\ncommand: ['true']\n` });
    const slotsEach = Math.ceil(shape.trials / shape.agents);
    const agents = await Promise.all(Array.from({ length: shape.agents }, (_, index) => connect(system, index, slotsEach)));
    await waitFor(() => agents.reduce((sum, agent) => sum + agent.leases.length, 0) >= shape.trials, 'every trial to be handed out', {
      withinMs: 600_000,
    });
    const measured = await report(agents, shape);
    const rss = await residentMb(system.controllerPid);
    for (const agent of agents) await agent.leave();
    return { ...measured, 'controller RSS (MiB)': Math.round(rss) };
  } finally {
    await system.stop();
  }
};

async function connect(system, index, slotCount) {
  const channel = dialAgents({ url: system.grpcUrl, key: () => system.key });
  const slots = Array.from({ length: slotCount }, (_, slot) => ({ index: slot, gpuUuids: [] }));
  const hello = {
    protocolVersion,
    agentVersion: '0',
    agentId: randomUUID(),
    name: `bench-${index}`,
    pool: 'default',
    sweepId: '',
    machine,
    slots,
    held: [],
  };
  const session = await channel.session(hello);
  const agent = { session, leases: [], sent: new Map(), delays: [], acked: 0 };
  const reading = (async () => {
    for await (const message of session.messages) {
      if (message.$case === 'grant') agent.leases.push(message.value.leaseId);
      if (message.$case === 'acknowledged') onAcknowledged(agent, message.value);
    }
  })();
  await session.send({ $case: 'ready', value: { slots: slots.map((slot) => slot.index) } });
  agent.leave = async () => {
    session.close();
    await reading;
    channel.close();
  };
  return agent;
}

function onAcknowledged(agent, { leaseId, pointSequence }) {
  const waiting = agent.sent.get(leaseId) ?? [];
  while (waiting.length > 0 && waiting[0].sequence <= pointSequence) {
    agent.delays.push(performance.now() - waiting.shift().at);
    agent.acked += 1;
  }
}

async function report(agents, { perSecond, seconds, trials }) {
  const rounds = perSecond * seconds;
  const begun = performance.now();
  await Promise.all(
    agents.map(async (agent) => {
      for (let sequence = 1; sequence <= rounds; sequence++) {
        await pause(begun + ((sequence - 1) * 1000) / perSecond - performance.now());
        for (const leaseId of agent.leases) await sendOne(agent, leaseId, sequence);
        // Leases are renewed as an agent renews them.
        if (sequence % Math.max(1, perSecond * 5) === 0) await agent.session.send({ $case: 'renew', value: { leaseIds: agent.leases } });
      }
    }),
  );
  const wanted = trials * rounds;
  await waitFor(() => agents.reduce((sum, agent) => sum + agent.acked, 0) >= wanted, 'every result to be committed', { withinMs: 900_000 });
  const wall = (performance.now() - begun) / 1000;
  const delays = agents.flatMap((agent) => agent.delays).sort((a, b) => a - b);
  return {
    results: wanted,
    'wall (s)': wall.toFixed(1),
    'ideal (s)': seconds,
    'committed after p50 (ms)': Math.round(quantile(delays, 0.5)),
    'committed after p99 (ms)': Math.round(quantile(delays, 0.99)),
  };
}

async function sendOne(agent, leaseId, sequence) {
  const series = [{ name: 'loss', steps: [sequence], values: [Math.sin(sequence)], times: [Date.now()] }];
  const waiting = agent.sent.get(leaseId) ?? [];
  waiting.push({ sequence, at: performance.now() });
  agent.sent.set(leaseId, waiting);
  await agent.session.send({ $case: 'points', value: { leaseId, sequence, series } });
}

/** The same at n, 10 n and 100 n trials: the exponent is 1 where each trial costs the same however many there are. */
export const growthOf = (smallest) => async (options) => {
  const sizes = [smallest, smallest * 10, smallest * 100];
  const milliseconds = [];
  for (const trials of sizes) {
    const shape = { trials, agents: Math.min(trials, 10), perSecond: 10, seconds: 1 };
    const seen = await resultsOf(shape)(options);
    milliseconds.push(Math.max(1, Number(seen['committed after p50 (ms)'])));
  }
  const exponents = milliseconds.slice(1).map((ms, index) => Math.log10(ms / milliseconds[index]).toFixed(2));
  return Object.fromEntries([
    ...sizes.map((trials, index) => [`${trials} trials: committed after p50 (ms)`, milliseconds[index]]),
    ['exponent of the delay', exponents.join(', ')],
  ]);
};

/** Memory under a steady load: what is held at the end beside what was held after the first tenth. */
export const soakOf = (minutes) => async (options) => {
  const system = await startSystem(options);
  try {
    const seen = [];
    const agent = await (async () => {
      await system.client.createSweep({
        config: "method: random\nparameters: {x: {min: 0.0, max: 1.0}}\ncommand: ['true']\nrun_cap: 50\n",
      });
      const connected = await connect(system, 0, 50);
      await waitFor(() => connected.leases.length === 50, 'every trial to be handed out');
      return connected;
    })();
    const tenth = Math.max(1, minutes * 6);
    for (let part = 0; part < 10; part++) {
      for (let second = 0; second < tenth; second++) {
        const sequence = part * tenth + second + 1;
        for (const leaseId of agent.leases) await sendOne(agent, leaseId, sequence);
        if (second % 5 === 0) await agent.session.send({ $case: 'renew', value: { leaseIds: agent.leases } });
        await pause(1000);
      }
      seen.push(await residentMb(system.controllerPid));
    }
    await agent.leave();
    return { minutes, 'RSS after a tenth (MiB)': Math.round(seen[0]), 'RSS at the end (MiB)': Math.round(seen.at(-1)) };
  } finally {
    await system.stop();
  }
};
