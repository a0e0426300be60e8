/** Rows per second that `scan_history` of the real client hands to a program, of 100,000. */
import { startSystem } from '../system.mjs';
import { callsTo, cpuSeconds, noClient, python } from './calls.mjs';

const rows = 100_000;
const linesEach = 5_000;

export async function scanHistory() {
  if (noClient !== null) return noClient;
  const system = await startSystem();
  try {
    const calls = callsTo(system);
    const entity = await calls.begin('scanned');
    for (let offset = 0; offset < rows; offset += linesEach) {
      const content = Array.from({ length: linesEach }, (_, index) => {
        const step = offset + index;
        return JSON.stringify({ loss: Math.sin(step), accuracy: Math.cos(step), _step: step, _timestamp: 1.79e9 + step, _runtime: step });
      });
      await calls.stream(entity, 'scanned', { files: { 'wandb-history.jsonl': { offset, content } } });
    }
    const cpuBefore = await cpuSeconds(system.controllerPid);
    const seen = JSON.parse(await python(system, 'scan.py', ['scanned']).ended);
    const cpu = (await cpuSeconds(system.controllerPid)) - cpuBefore;
    if (seen.rows !== rows) throw new Error(`scan_history gave ${seen.rows} rows of ${rows}`);
    return {
      'rows of scan_history each s, of 100,000': Math.round(rows / seen.seconds),
      'CPU of the controller for them (s)': cpu.toFixed(2),
      'CPU of the program for them (s)': seen.cpu.toFixed(2),
    };
  } finally {
    await system.stop();
  }
}
