/** One-second no-op trials on 16 slots against the ideal: their number / 16 rounds. */
import { startSystem, waitFor } from './system.mjs';

const slots = 16;

export const manyTrials = (trials) => async (options) => {
  const system = await startSystem(options);
  try {
    system.agent(slots);
    await waitFor(async () => (await system.client.listAgents()).total === 1, 'the agent');
    const values = Array.from({ length: trials }, (_, index) => index).join(', ');
    const { id } = await system.client.createSweep({
      config: `method: grid\nparameters: {x: {values: [${values}]}}\ncommand: [sleep, '1']\n`,
    });
    const sweep = await system.ended(id);
    const seconds = (Date.parse(sweep.endedAt) - Date.parse(sweep.startedAt)) / 1000;
    const ideal = Math.ceil(trials / slots);
    return { 'wall (s)': seconds.toFixed(2), 'ideal (s)': ideal, ratio: (seconds / ideal).toFixed(3), completed: sweep.counts.completed };
  } finally {
    await system.stop();
  }
};
