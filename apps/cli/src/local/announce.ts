/** What a person needs to know of a controller that has become ready. */
import type { ServerFile } from './server-file.js';

/** For a certificate that no authority vouches for. */
export const pinFlag = (fingerprint: string | null | undefined): string => (fingerprint == null ? '' : ` --fingerprint ${fingerprint}`);

/** `key`: made by this start, and shown this once. */
export function announcement({ url, fingerprint }: ServerFile, key: string | null): string {
  const lines = [
    `dashboard          ${url}`,
    `an agent elsewhere sweep agent --url ${url}${pinFlag(fingerprint)}   (key: SWEEP_API_KEY, or --join with a token of \`sweep token create\`)`,
    'a wandb program    set these two variables:',
    `                   WANDB_BASE_URL=${url}`,
    `                   WANDB_API_KEY=${key ?? '<your key>'}`,
  ];
  if (key === null) return lines.join('\n');
  return [`your API key       ${key}   (shown once; kept for this user's commands)`, ...lines].join('\n');
}
