/**
 * Whether an agent should leave because its trials keep failing: W&B's two rules. Pure.
 *
 * Source: `wandb/wandb_agent.py` (`FLAPPING_MAX_SECONDS`, `FLAPPING_MAX_FAILURES`, `MAX_INITIAL_FAILURES`). A failure is an exit code
 * above zero; a death by signal is none, and neither is an end that we caused.
 */
export interface FlappingRules {
  /** Off by `WANDB_AGENT_DISABLE_FLAPPING`. */
  readonly watchFlapping: boolean;
  readonly maxInitialFailures: number;
}

export interface Ended {
  readonly failed: boolean;
  /** Milliseconds since the agent's start. */
  readonly afterMs: number;
}

const flappingFailures = 3;
const flappingWithinMs = 60_000;

/**
 * Null to go on, else why to leave.
 * @param ended oldest first, the newest last
 */
export function decideFlapping(ended: readonly Ended[], rules: FlappingRules): string | null {
  const newest = ended.at(-1);
  if (newest === undefined || !newest.failed) return null;
  const failures = ended.filter(({ failed }) => failed).length;
  if (rules.watchFlapping && failures >= flappingFailures && newest.afterMs < flappingWithinMs) {
    return `${failures} trials failed in the first ${flappingWithinMs / 1000} seconds (WANDB_AGENT_DISABLE_FLAPPING=true goes on all the same)`;
  }
  const before = ended.length - 1;
  if (failures >= rules.maxInitialFailures && failures >= before) {
    return `${failures} of the first ${ended.length} trials failed (--max-initial-failures or WANDB_AGENT_MAX_INITIAL_FAILURES allows more)`;
  }
  return null;
}
