/**
 * Errors between the domain and gRPC, both directions. The code of a domain error travels in trailing metadata, so that the other
 * end throws the same class; a status without one comes from the transport.
 */
import { Metadata as GrpcMetadata, type Metadata, type StatusObject, status } from '@grpc/grpc-js';
import {
  Bug,
  Conflict,
  Forbidden,
  Incompatible,
  Invalid,
  NotFound,
  SamplerFailed,
  StaleLease,
  SweepError,
  SweepFileRefused,
  TooLarge,
  TooMany,
  Unauthenticated,
  Unavailable,
} from '@sweep/domain';

const codeKey = 'sweep-error';
const retryAfterKey = 'sweep-retry-after';
/** Trailers share one HTTP/2 header block with a limit of 16 KiB, and text may triple when it is escaped. */
const longestMessage = 2_000;

interface Mapping {
  readonly status: status;
  readonly rebuild: (message: string, metadata: Metadata) => SweepError;
}

const mappings: Readonly<Record<string, Mapping>> = {
  invalid: { status: status.INVALID_ARGUMENT, rebuild: (message) => new Invalid(message) },
  'sweep-file-refused': { status: status.INVALID_ARGUMENT, rebuild: (message) => new SweepFileRefused(message) },
  'not-found': { status: status.NOT_FOUND, rebuild: (message) => new NotFound(message) },
  conflict: { status: status.ABORTED, rebuild: (message) => new Conflict(message) },
  'stale-lease': { status: status.FAILED_PRECONDITION, rebuild: (message) => new StaleLease(message) },
  unauthenticated: { status: status.UNAUTHENTICATED, rebuild: (message) => new Unauthenticated(message) },
  forbidden: { status: status.PERMISSION_DENIED, rebuild: (message) => new Forbidden(message) },
  'too-many': { status: status.RESOURCE_EXHAUSTED, rebuild: (message, metadata) => new TooMany(message, retryAfter(metadata)) },
  'too-large': { status: status.RESOURCE_EXHAUSTED, rebuild: (message) => new TooLarge(message) },
  unavailable: { status: status.UNAVAILABLE, rebuild: (message) => new Unavailable(message) },
  incompatible: { status: status.FAILED_PRECONDITION, rebuild: (message) => new Incompatible(message) },
  'sampler-failed': { status: status.INTERNAL, rebuild: (message) => new SamplerFailed(message) },
  bug: { status: status.INTERNAL, rebuild: (message) => new Bug(message) },
};

/** Codes that the mapping knows; a test holds the list to the domain's classes. */
export const mappedCodes: readonly string[] = Object.keys(mappings);

export function toStatus(error: unknown): Pick<StatusObject, 'code' | 'details' | 'metadata'> {
  const metadata = new GrpcMetadata();
  // What is not ours may quote secrets or paths: the reader of the log gets it, the caller does not.
  const known = error instanceof SweepError ? error : new Bug('the controller failed; its log says why');
  metadata.set(codeKey, known.code);
  if (known instanceof TooMany) metadata.set(retryAfterKey, String(known.retryAfterSeconds));
  return { code: mappings[known.code]?.status ?? status.INTERNAL, details: known.message.slice(0, longestMessage), metadata };
}

/** @param where who was called, for the message: `the controller at https://…` */
export function fromStatus({ code, details, metadata }: Pick<StatusObject, 'code' | 'details' | 'metadata'>, where: string): SweepError {
  const ours = String(metadata.get(codeKey)[0] ?? '');
  if (Object.hasOwn(mappings, ours)) return mappings[ours]!.rebuild(details, metadata);
  switch (code) {
    case status.UNAUTHENTICATED:
      return new Unauthenticated(`${where} does not know the key: ${details}`);
    case status.PERMISSION_DENIED:
      return new Forbidden(`${where} refuses: ${details}`);
    case status.RESOURCE_EXHAUSTED:
      return new TooLarge(`${where} takes no message of that size: ${details}`);
    case status.UNIMPLEMENTED:
      return new Incompatible(`${where} does not speak the agent protocol: ${details}; check the URL, or upgrade the controller`);
    default:
      // INTERNAL and UNKNOWN too: without a code of ours they tell of a connection that broke or of a proxy in between.
      return new Unavailable(`${where} cannot be reached: ${details}`);
  }
}

/** Whether a thrown value is a gRPC status (a `ServiceError`). */
export function isStatus(error: unknown): error is Error & StatusObject {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error && 'metadata' in error;
}

function retryAfter(metadata: Metadata): number {
  const seconds = Number(metadata.get(retryAfterKey)[0]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 1;
}
