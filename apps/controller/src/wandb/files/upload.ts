/** Files of a run: links to send them by, taking them in, and deleting them. */
import type { Readable } from 'node:stream';
import { NotFound, type RunId, runId } from '@sweep/domain';
import {
  type CreateRunFilesInput,
  type DeleteFilesInput,
  fileName,
  type MarkRunFilesUploadedInput,
  storageId,
  storageKey,
} from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';
import { named } from '../runs/commands.js';
import { receive } from './received.js';

export async function createRunFiles(parts: WandbParts, input: CreateRunFilesInput, context: WandbContext) {
  const { record } = await named(parts, input, context);
  return {
    runID: storageId('Run', record.id),
    uploadHeaders: [],
    files: input.files.map((name) => {
      const path = fileName(name);
      // Under the very name that was asked for: clients look it up by that.
      return {
        id: storageId('File', `${record.id}:${path}`),
        name,
        displayName: name,
        directUrl: '',
        sizeBytes: 0,
        uploadUrl: parts.links.upload(record.id, path),
      };
    }),
  };
}

/** Nothing to do: a file is there once its bytes are. */
export async function markRunFilesUploaded(parts: WandbParts, input: MarkRunFilesUploadedInput, context: WandbContext) {
  await named(parts, input, context);
  return { success: true };
}

export async function deleteFiles({ store }: WandbParts, { files }: DeleteFilesInput, { scope }: WandbContext) {
  for (const id of files) {
    const [, run = '', path = ''] = /^([^:]+):(.*)$/s.exec(storageKey('File', id) ?? '') ?? [];
    const record = await store.runs.record(runId(run));
    if (record === null) throw new NotFound(`there is no file with the id ${id.slice(0, 100)}`);
    await scope.demandWrite(record);
    await store.files.remove(record.id, 'client', path);
  }
  return { success: true };
}

/** @param md5 as the client sent it, in base64; the bytes must agree. @throws Invalid, NotFound */
export async function takeFile(
  { store, blobs }: WandbParts,
  target: { readonly run: RunId; readonly path: string; readonly md5: string | null },
  content: Readable,
): Promise<void> {
  const path = fileName(target.path);
  const record = await store.runs.record(target.run);
  if (record === null || record.deletedAt !== null) throw new NotFound(`run ${target.run} was deleted`);
  const { blob, size, md5 } = await receive(blobs, content, { name: path, md5: target.md5 });
  await store.files.put({ run: record.id, kind: 'client', path, blob, size, md5 });
}
