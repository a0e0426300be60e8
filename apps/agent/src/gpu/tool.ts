/** Asks a vendor's tool once. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Unavailable } from '@sweep/domain';
import { isMissing } from '../durable-file.js';

/** A driver that hangs must not keep the agent from starting. */
const answerWithinMs = 10_000;

/**
 * What it prints; null where it is not installed, which is a machine without such GPUs.
 *
 * @throws Unavailable when it is there and does not work: a driver that hangs or is not loaded is no machine without GPUs
 */
export async function askTool(name: string, query: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    return (await promisify(execFile)(name, query, { env: environment, timeout: answerWithinMs })).stdout;
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Unavailable(`${name} is installed and does not work: ${why(error)}`);
  }
}

function why(error: unknown): string {
  const { killed, stdout, stderr } = error as { readonly killed?: boolean; readonly stdout?: string; readonly stderr?: string };
  if (killed === true) return `no answer within ${answerWithinMs / 1000} s`;
  const [said = ''] = `${stderr ?? ''}\n${stdout ?? ''}`.trim().split('\n');
  return said !== '' ? said : error instanceof Error ? error.message : String(error);
}
