/**
 * Exit codes, and which error gives which. Scripts rely on the numbers.
 *
 * Errors of the domain are told apart by their stable code; `CommandError` is for what goes wrong here, before or without a call.
 */
import type { ErrorDetail } from '@sweep/domain';

export const exit = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  unreachable: 5,
  sigint: 130,
  sigterm: 143,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    message: string,
    readonly exitCode: ExitCode = exit.failed,
  ) {
    super(message);
  }
}

/** Wrong usage: says what is allowed. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super(message, exit.usage);
  }
}

const exitOfCode: Readonly<Record<string, ExitCode>> = {
  invalid: exit.usage,
  'sweep-file-refused': exit.usage,
  'not-found': exit.notFound,
  unauthenticated: exit.denied,
  forbidden: exit.denied,
  unavailable: exit.unreachable,
};

export function exitOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (!(error instanceof Error)) return exit.failed;
  // Runtime's class is not imported for this: nothing but its name is needed, and start-up time matters.
  if (error.name === 'ConfigError') return exit.usage;
  return exitOfCode[String((error as { code?: unknown }).code)] ?? exit.failed;
}

/** What is printed on stderr for an error: the message, then one line for each detail. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const details = (error as { readonly details?: readonly ErrorDetail[] }).details ?? [];
  // A single one without a place in a file is what the message says already.
  const told = details.length === 1 && details[0]!.line === undefined ? [] : details;
  const lines = told.map(({ path, line, column, code, message }) => {
    const at = line === undefined ? (path ?? '') : `${line}:${column ?? 1}${path === undefined ? '' : ` ${path}`}`;
    return `  ${at === '' ? '' : `${at}: `}${message}${code === undefined ? '' : ` [${code}]`}`;
  });
  return [`error: ${error.message}`, ...lines].join('\n');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it lies on a read-only disk',
  ENOSPC: 'the disk is full',
};

/** Why a file could not be used, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return reasons[String((error as { code?: unknown }).code)] ?? error.message;
}
