/**
 * What an ended program's last words say about its cause: memory, disk, GPU. Pure.
 *
 * Owns the recognition; what follows from a cause is decided by the controller. Only looked at when the program failed.
 */
import type { AttemptEnd } from '@sweep/domain';

type Evidence = AttemptEnd['evidence'];

/** As printed by PyTorch, JAX, TensorFlow, CUDA, Python, Node and the kernel. */
const signs: readonly (readonly [Exclude<Evidence, null>, RegExp])[] = [
  ['oom', /CUDA(?: error:)? out of memory|OutOfMemoryError|RESOURCE_EXHAUSTED: Out of memory|HIP out of memory|CUDA_ERROR_OUT_OF_MEMORY/],
  [
    'oom',
    /^(?:numpy\.(?:core\._exceptions\.)?_?ArrayMemoryError|MemoryError)\b|Cannot allocate memory|std::bad_alloc|JavaScript heap out of memory/m,
  ],
  ['no-space', /No space left on device|\bENOSPC\b|Disk quota exceeded/],
  ['gpu-error', /CUDA error: (?:an illegal memory access|uncorrectable ECC|unspecified launch failure|device-side|the launch timed out)/],
  [
    'gpu-error',
    /CUDA_ERROR_(?:ECC_UNCORRECTABLE|ILLEGAL_ADDRESS|LAUNCH_FAILED|NOT_INITIALIZED)|No CUDA GPUs are available|Unable to determine the device handle/,
  ],
];

/** @param lastWords the end of stdout and stderr */
export function evidenceIn(lastWords: string): Evidence {
  return signs.find(([, pattern]) => pattern.test(lastWords))?.[0] ?? null;
}

/** One sentence for people. */
export function describeEnd(code: number | null, signal: string | null): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === 0 ? 'exit code 0' : `exit code ${code ?? 'unknown'}`;
}

export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}
