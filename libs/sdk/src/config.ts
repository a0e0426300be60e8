/** What the agent tells a training program through the environment. Nothing else of this package reads `process.env`. */

/** Ids of the running trial; undefined when the program was started by hand. */
export interface TrialIds {
  readonly sweep: string;
  readonly trial: string;
  /** 1, 2, … within the sweep. */
  readonly number: number;
  /** 1, 2, …; above 1 when an earlier execution of the trial did not end well. */
  readonly attempt: number;
}

export interface TrialEnvironment {
  readonly ids: TrialIds | undefined;
  readonly paramsFile: string | undefined;
  readonly metricsFile: string | undefined;
  readonly checkpointDir: string | undefined;
  readonly outputDir: string | undefined;
}

export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): TrialEnvironment {
  return {
    ids: readIds(environment),
    paramsFile: environment['SWEEP_PARAMS'] || undefined,
    metricsFile: environment['SWEEP_METRICS'] || undefined,
    checkpointDir: environment['SWEEP_CHECKPOINT_DIR'] || undefined,
    outputDir: environment['SWEEP_OUTPUT_DIR'] || undefined,
  };
}

function readIds(environment: NodeJS.ProcessEnv): TrialIds | undefined {
  const trial = environment['SWEEP_TRIAL_ID'];
  if (!trial) return undefined;
  return {
    sweep: environment['SWEEP_ID'] ?? '',
    trial,
    number: Number(environment['SWEEP_TRIAL_NUMBER'] ?? 1),
    attempt: Number(environment['SWEEP_ATTEMPT'] ?? 1),
  };
}
