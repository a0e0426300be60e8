/** Starts the controller's program that makes backups and restores them: it alone knows the database. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { childEnvironment } from '../config.js';
import type { Context } from '../context.js';
import { CommandError } from '../exit.js';
import { programPath } from './programs.js';

export interface ArchiveContents {
  readonly file: string;
  readonly tables: number;
  readonly rows: number;
  readonly blobs: number;
}

export async function runArchive({ config, dataDir }: Context, word: 'backup' | 'restore', file: string): Promise<ArchiveContents> {
  const program = programPath('controller', config.controllerProgram, 'backup.js');
  const path = resolve(file);
  const child = spawn(process.execPath, [program, word, path, '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment(config.databaseUrl === null ? {} : { SWEEP_DATABASE_URL: config.databaseUrl }),
  });
  const ended = new Promise<number | null>((done, reject) => child.once('error', reject).once('exit', done));
  const [printed, code] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new CommandError(`${word} failed (exit code ${code ?? 'none'}): the reason is above`);
  const { tables, rows, blobs } = JSON.parse(printed) as Omit<ArchiveContents, 'file'>;
  return { file: path, tables, rows, blobs };
}
