/** The agent's process: flags in, exit code out. */
import { Forbidden, Invalid, NotFound, Unauthenticated, Unavailable } from '@sweep/domain';
import { ConfigError } from '@sweep/runtime';
import { readAgentConfig } from './config.js';
import { runAgent } from './run-agent.js';

const say = (line: string): void => void process.stderr.write(`sweep agent: ${line}\n`);

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof TypeError || error instanceof Invalid) return 2;
  if (error instanceof NotFound) return 3;
  if (error instanceof Unauthenticated || error instanceof Forbidden) return 4;
  return error instanceof Unavailable ? 5 : 1;
}

try {
  process.exitCode = await runAgent({ config: readAgentConfig(process.argv.slice(2)), say });
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = exitCodeOf(error);
}
