/** A machine with GPUs that are not there: an `nvidia-smi` for the front of an agent's PATH. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FakeGpus {
  readonly uuids: readonly string[];
  /** For the agent's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Answers the query once, or again and again with `-l`, as the driver's tool does. */
export async function fakeGpus(folder: string, { count, memoryMiB }: { count: number; memoryMiB: number }): Promise<FakeGpus> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const uuids = Array.from({ length: count }, (_, index) => `GPU-0000000${index}-aaaa-bbbb-cccc-dddddddddddd`);
  const table = uuids.map((uuid, index) => `echo '${index}, ${uuid}, Fake A100, ${memoryMiB}, 512, 7, 41, 60.5, 0'`).join('\n');
  const path = join(bin, 'nvidia-smi');
  await writeFile(path, `#!/bin/sh\nwhile :; do\n${table}\ncase "$*" in *" -l "*) sleep 1 ;; *) exit 0 ;; esac\ndone\n`);
  await chmod(path, 0o755);
  return { uuids, env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } };
}
