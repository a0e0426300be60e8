/** Whether the program was asked to stop. */

let listening = false;
let asked = false;

/**
 * True once SIGTERM was received: save what matters and leave; what still runs after the grace time is killed.
 *
 * The first call takes SIGTERM over from Node's default, which would end the program at once: call it in the training loop, not once
 * at the start. Node delivers signals only between turns of the event loop, so a loop that never awaits never sees one.
 */
export function shouldStop(): boolean {
  if (!listening) {
    listening = true;
    process.once('SIGTERM', () => {
      asked = true;
    });
  }
  return asked;
}
