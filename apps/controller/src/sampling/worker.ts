/** A sampling thread's own program: messages in, answers out. What to answer is warm-sweeps.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, Reply, ToThread } from './messages.js';
import { WarmSweeps } from './warm-sweeps.js';

const sweeps = new WarmSweeps((workerData as { readonly mostSweeps: number }).mostSweeps);

parentPort!.on('message', (message: ToThread) => {
  const reply = answer(message);
  if (reply !== null && message.kind === 'question') parentPort!.postMessage({ ...reply, id: message.id } satisfies FromThread);
});

/** The one place where an error ends: the sweep that it belongs to must fail, and no other one of this thread. */
function answer(message: ToThread): Reply | null {
  try {
    return sweeps.handle(message);
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
