/**
 * What an ended program's last words say about its cause: memory, disk, GPU, packages, numbers, network. Pure.
 *
 * Owns the recognition; what follows from a cause is decided by the controller. Only looked at when the program failed.
 */
import type { Evidence } from '@sweep/domain';

/** As printed by PyTorch, JAX, TensorFlow, CUDA, Python, Node and the kernel. The first that is found counts. */
const signs: readonly (readonly [Evidence, RegExp])[] = [
  [
    'gpu-oom',
    /CUDA(?: error:)? out of memory|OutOfMemoryError|RESOURCE_EXHAUSTED: Out of memory|HIP out of memory|CUDA_ERROR_OUT_OF_MEMORY/,
  ],
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
  // At the beginning of a line, as in a traceback: programs also print such words about what they have caught.
  [
    'import-error',
    /^(?:ModuleNotFoundError|ImportError): |^Error: Cannot find module |error while loading shared libraries: |ERR_MODULE_NOT_FOUND/m,
  ],
  [
    'nan-loss',
    /\bloss(?:es)?\b[^\n]{0,40}(?:\bnan\b|\bnon-?finite\b)|(?:\bnan\b|\bnon-?finite\b)[^\n]{0,40}\bloss(?:es)?\b|FloatingPointError: .*\bnan\b/i,
  ],
  [
    'network',
    /^(?:[\w.]+\.)?(?:ConnectionError|ConnectTimeout|ReadTimeout|URLError|ConnectionResetError|ConnectionRefusedError|gaierror|MaxRetryError|ProtocolError)\b|Temporary failure in name resolution|\b(?:ECONNRESET|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH)\b/m,
  ],
];

/** @param lastWords the end of stdout and stderr */
export function evidenceIn(lastWords: string): Evidence | null {
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
