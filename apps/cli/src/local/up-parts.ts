/** How `sweep up` starts the controller and its agents: programs, environments, logs, and whose key the agents use. */
import { join } from 'node:path';
import { systemClock } from '@sweep/runtime';
import { childEnvironment, credentialsPath, trustEnvironment } from '../config.js';
import type { Context } from '../context.js';
import { findKey, saveKey } from '../credentials.js';
import { nameFlags } from './agent-name.js';
import { markOf, start } from './process.js';
import { programPath } from './programs.js';
import { type ServerFile, writeSupervisorFile } from './server-file.js';
import type { SupervisorOptions } from './supervisor.js';

export interface UpPlan {
  readonly context: Context;
  readonly agents: number;
  /** Handed to the controller as they are. */
  readonly controllerFlags: readonly string[];
  /** Called when this start has made the first user. */
  readonly onFirstKey: (key: string) => void;
}

export const logPath = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

export function supervisorOptions({ context, agents, controllerFlags, onFirstKey }: UpPlan): SupervisorOptions {
  const { config, dataDir } = context;
  let agentKey: string | null = null;
  // At a terminal the logs would drown what a person wants to read; under systemd and Docker stderr is where logs belong.
  const log = (name: string) => (process.stderr.isTTY ? { logFile: logPath(dataDir, name) } : {});
  return {
    dataDir,
    agents,
    clock: systemClock,
    startController: (onLine, before) =>
      start({
        program: programPath('controller', config.controllerProgram),
        args: controllerFlags,
        environment: childEnvironment(controllerEnvironment(context, before)),
        onLine,
        ...log('controller'),
      }),
    startAgent: (index, server) =>
      start({
        program: programPath('agent', config.agentProgram),
        args: ['--workdir', join(dataDir, 'agents', `up-${index + 1}`), ...nameFlags(index, agents)],
        environment: childEnvironment({
          SWEEP_URL: server.url,
          ...trustEnvironment(server.fingerprint ?? config.fingerprint, config.caFile),
          SWEEP_API_KEY: agentKey ?? undefined,
          SWEEP_LOG_LEVEL: config.logLevel,
        }),
        ...log(`agent-${index + 1}`),
      }),
    async onFirstKey(key) {
      onFirstKey(key);
      // At once: it is never told again, and the controller may still fail to start.
      await saveKey(credentialsPath(), `http://${config.host}:${config.port}`, { key, dataDir });
    },
    async onReady(server) {
      const kept = await findKey(credentialsPath(), server.url, dataDir);
      if (kept !== null) await saveKey(credentialsPath(), server.url, { key: kept, dataDir });
      agentKey = config.apiKey ?? kept;
      if (agents > 0 && agentKey === null) {
        context.notice('no key for the local agents: make one with `sweep key reset`, then start again');
      }
    },
    onProcesses: (running) => writeSupervisorFile(dataDir, { supervisor: markOf(process.pid), ...running }),
    notice: context.notice,
  };
}

/** `before`: a port that was chosen freely must stay through a restart, or agents and open pages would lose the controller. */
function controllerEnvironment({ config, dataDir }: Context, before: ServerFile | undefined): Record<string, string> {
  const portOf = (url: string | undefined, wanted: number): string => (url === undefined ? '' : new URL(url).port) || String(wanted);
  return {
    SWEEP_DATA_DIR: dataDir,
    SWEEP_HOST: config.host,
    SWEEP_PORT: config.port === 0 ? portOf(before?.url, config.port) : String(config.port),
    SWEEP_GRPC_PORT: config.grpcPort === 0 ? portOf(before?.grpcUrl, config.grpcPort) : String(config.grpcPort),
    SWEEP_LOG_LEVEL: config.logLevel,
    ...(config.publicUrl === null ? {} : { SWEEP_PUBLIC_URL: config.publicUrl }),
    ...(config.databaseUrl === null ? {} : { SWEEP_DATABASE_URL: config.databaseUrl }),
    ...(config.redisUrl === null ? {} : { SWEEP_REDIS_URL: config.redisUrl }),
  };
}
