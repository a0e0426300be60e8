/** Opaque identifiers. `<noun>Id` is one component, never a path; nobody parses one. */

/** The brand exists for the compiler only; a text key, because declaration files cannot name a symbol of another package. */
type Id<Noun extends string> = string & { readonly '#noun': Noun };

/** 8 characters of `[a-z0-9]`. */
export type SweepId = Id<'sweep'>;
/** 8 characters of `[a-z0-9]`; the trial's run has the same id. */
export type TrialId = Id<'trial'>;
export type RunId = Id<'run'> | TrialId;
export type AgentId = Id<'agent'>;
/** Fences every write about an attempt. */
export type LeaseId = Id<'lease'>;
export type ProjectId = Id<'project'>;
export type UserId = Id<'user'>;
export type KeyId = Id<'key'>;
/** Lower-case SHA-256 of the content, 64 hex digits. */
export type BlobHash = Id<'blob'>;

/** Casts at a boundary that has checked the text (a route pattern, a row, a decoded message). */
export const sweepId = (text: string): SweepId => text as SweepId;
export const trialId = (text: string): TrialId => text as TrialId;
export const runId = (text: string): RunId => text as RunId;
export const agentId = (text: string): AgentId => text as AgentId;
export const leaseId = (text: string): LeaseId => text as LeaseId;
export const projectId = (text: string): ProjectId => text as ProjectId;
export const userId = (text: string): UserId => text as UserId;
export const keyId = (text: string): KeyId => text as KeyId;
export const blobHash = (text: string): BlobHash => text as BlobHash;

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * `length` characters of `[a-z0-9]`, uniform, from a source of random bytes. The first is a letter: an id that
 * is all digits would be refused by BullMQ and read as a number by YAML.
 */
export function randomId(length: number, randomBytes: (n: number) => Uint8Array): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      const span = text.length === 0 ? 26 : 36;
      // 234 and 252 are the largest multiples of 26 and 36 below 256: without this the first letters would be favoured.
      if (byte < 256 - (256 % span) && text.length < length) text += alphabet[byte % span]!;
    }
  }
  return text;
}
