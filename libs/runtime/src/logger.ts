/** Structured logs: one JSON object a line, ids bound. Trial output is data, not log lines, and never passes here. */
import { destination, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

export interface LoggerOptions {
  readonly name: string;
  readonly level: LogLevel;
  /** A file's path; the process's stderr when absent (stdout belongs to results). */
  readonly file?: string;
}

export function createLogger({ name, level, file }: LoggerOptions): Logger {
  const sink = destination({ dest: file ?? 2, mkdir: true, sync: true });
  // Values under these keys are secrets wherever they turn up.
  const redact = ['apiKey', 'key', 'token', 'authorization', 'password', '*.apiKey', '*.key', '*.token', '*.authorization', '*.password'];
  return pino({ name, level, redact: { paths: redact, censor: '[secret]' } }, sink);
}

export const silentLogger: Logger = pino({ level: 'silent' });
