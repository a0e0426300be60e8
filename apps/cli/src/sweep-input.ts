/** A sweep file as commands take it: read, changed by flags, checked; findings shown on stderr. */
import { applyOverrides, type ParsedSweepFile, parseSweepFile, renderFindings } from '@sweep/sweep-file';
import type { Context } from './context.js';
import { CommandError, exit, UsageError } from './exit.js';
import { readText } from './input.js';

export interface FileFlags {
  readonly name?: string;
  readonly program?: string;
  /** `KEY=VALUE` texts. */
  readonly set?: readonly string[];
  readonly strict?: true;
}

export interface AcceptedFile {
  readonly text: string;
  readonly spec: NonNullable<ParsedSweepFile['spec']>;
}

/** @throws CommandError (exit code 2) when the file is refused */
export async function readSweepFile(context: Context, path: string, flags: FileFlags): Promise<AcceptedFile> {
  const given = await readText(path);
  const text = applyOverrides(given, {
    set: (flags.set ?? []).map(splitSetting),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.program === undefined ? {} : { program: flags.program }),
  });
  const { spec, findings } = parseSweepFile(text);
  if (findings.length > 0) context.notice(renderFindings(path === '-' ? '<stdin>' : path, text, findings));
  if (spec === null) throw new CommandError(`${path} is refused`, exit.usage);
  if (flags.strict && findings.some(({ severity }) => severity === 'warning'))
    throw new CommandError(`${path} is refused: --strict allows no warning`, exit.usage);
  return { text, spec };
}

function splitSetting(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`--set ${text}: expected KEY=VALUE, e.g. --set parameters.lr.max=0.1`);
  return [text.slice(0, at), text.slice(at + 1)];
}
