/** What `wandb sweep` prints about a sweep file: the text of a refusal, and the warnings of one that was accepted. */
import type { Finding } from '@sweep/sweep-file';

/** For an error of status 400: the client prints it word for word. Undefined for a file that is accepted. */
export function sweepRefusal(findings: readonly Finding[]): string | undefined {
  const errors = findings.filter(({ severity }) => severity === 'error').map(oneLine);
  return errors.length === 0 ? undefined : `Invalid sweep config: ${errors.join('; ')}`;
}

/** `configValidationWarnings`. */
export const sweepWarnings = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ severity }) => severity === 'warning').map(oneLine);

/** By path: the client writes the file anew before it sends it, so lines would be of a text that nobody has seen. */
const oneLine = ({ path, message, hint }: Finding): string =>
  `${path === '' ? '' : `${path}: `}${message}${hint === '' ? '' : ` (${hint})`}`;
