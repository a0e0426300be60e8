/** What a failed call means for the page, by the error's code. */
import type { SweepError } from '@sweep/domain';

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

export const isSignedOut = (error: unknown): boolean => codeOf(error) === 'unauthenticated';
export const isMissing = (error: unknown): boolean => codeOf(error) === 'not-found';
/** Another try may succeed without anybody doing anything. */
export const mayPass = (error: unknown): boolean => ['unavailable', 'too-many'].includes(codeOf(error) ?? '');

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where in the input the mistakes are. */
export function detailsOf(error: unknown): SweepError['details'] {
  return error instanceof Error && 'details' in error ? (error as SweepError).details : [];
}
