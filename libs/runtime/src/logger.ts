/** Structured logs: one JSON object a line, ids bound. Trial output is data, not log lines, and never passes here. */
import { destination, type Logger as PinoLogger, pino } from 'pino';
import { rotatingFile } from './rotating-file.js';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

export interface LoggerOptions {
  readonly name: string;
  readonly level: LogLevel;
  /** A file's path, which is kept from growing for ever; the process's stderr when absent (stdout belongs to results). */
  readonly file?: string;
}

/** Two such files at most. */
const mostFileBytes = 32 * 1024 * 1024;

export function createLogger({ name, level, file }: LoggerOptions): Logger {
  const sink = file === undefined ? destination({ dest: 2, sync: true }) : rotatingFile(file, mostFileBytes);
  // Values under these keys are secrets wherever they turn up.
  const redact = ['apiKey', 'key', 'token', 'authorization', 'password', '*.apiKey', '*.key', '*.token', '*.authorization', '*.password'];
  return pino({ name, level, redact: { paths: redact, censor: '[secret]' }, serializers: { err: factsOf } }, sink);
}

interface ErrorFacts {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: unknown;
  readonly cause?: ErrorFacts;
}

/** What explains an error. Packages hang whole connections, settings included, on theirs. */
function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause === undefined ? {} : { cause: factsOf(error.cause) }),
  };
}

export const silentLogger: Logger = pino({ level: 'silent' });
