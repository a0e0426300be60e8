/** Rows of artifacts in the twin. One write at a time; one that throws leaves no trace. */
import type { ProjectId, RunId } from '@sweep/domain';
import type { ArtifactBackend, ArtifactTables, ArtifactWrite, Before, Slice, Table, Where } from '../artifacts/tables.js';
import type { MemoryState } from './state.js';

export class MemoryArtifacts implements ArtifactBackend {
  readonly #tables = {
    types: new MemoryTable((row) => [row.project, row.name]),
    collections: new MemoryTable((row) => [row.id]),
    versions: new MemoryTable((row) => [row.id]),
    clientIds: new MemoryTable((row) => [row.clientId]),
    links: new MemoryTable((row) => [row.collection, row.version]),
    aliases: new MemoryTable((row) => [row.collection, row.alias]),
    manifests: new MemoryTable((row) => [row.id]),
    files: new MemoryTable((row) => [row.version, row.path]),
    contents: new MemoryTable((row) => [row.project, row.md5]),
    runs: new MemoryTable((row) => [row.run, row.version, row.role]),
    garbage: new MemoryTable((row) => [row.blob]),
  } satisfies { [Name in keyof ArtifactTables]: ArtifactTables[Name] extends Table<infer Row extends object> ? MemoryTable<Row> : never };
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly state: MemoryState) {
    state.refersTo.push((blob) => this.#refersTo(blob));
    state.onUnreferenced = (blob) => void this.#tables.garbage.insert([{ blob, since: state.now() }]);
  }

  forget(run: RunId): void {
    void this.#tables.runs.remove({ run });
  }

  each<T>(work: (tables: ArtifactTables) => Promise<T>): Promise<T> {
    return work(this.#tables);
  }

  write<T>(_projects: readonly ProjectId[], work: (write: ArtifactWrite) => Promise<T>): Promise<T> {
    const mine = this.#last.then(() => this.#transaction(work));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #transaction<T>(work: (write: ArtifactWrite) => Promise<T>): Promise<T> {
    const before = Object.values(this.#tables).map((table) => table.snapshot());
    try {
      return await work({ tables: this.#tables, now: this.state.now() });
    } catch (error) {
      for (const undo of before) undo();
      throw error;
    }
  }

  #refersTo(blob: string): boolean {
    const { files, contents, manifests, versions } = this.#tables;
    const held = [...files.rows, ...contents.rows, ...manifests.rows].some((row) => row.blob === blob);
    return held || versions.rows.some(({ manifestBlob }) => manifestBlob === blob);
  }
}

class MemoryTable<Row extends object> implements Table<Row> {
  rows: readonly Row[] = [];

  constructor(private readonly keyOf: (row: Row) => readonly string[]) {}

  async find(where: Where<Row>, slice?: Slice, before?: Before): Promise<readonly Row[]> {
    const found = this.rows.filter((row) => fits(row, where) && liesBefore(row, before));
    return slice === undefined ? found : found.slice(slice.start, slice.start + slice.limit);
  }

  async count(where: Where<Row>): Promise<number> {
    return this.rows.filter((row) => fits(row, where)).length;
  }

  async insert(rows: readonly Row[]): Promise<void> {
    const known = new Set(this.rows.map((row) => JSON.stringify(this.keyOf(row))));
    this.rows = [
      ...this.rows,
      ...rows.filter((row) => !known.has(JSON.stringify(this.keyOf(row)))).map((row) => Object.freeze({ ...row })),
    ];
  }

  async change(where: Where<Row>, set: Partial<Row>): Promise<void> {
    this.rows = this.rows.map((row) => (fits(row, where) ? Object.freeze({ ...row, ...set }) : row));
  }

  async remove(where: Where<Row>): Promise<void> {
    this.rows = this.rows.filter((row) => !fits(row, where));
  }

  snapshot(): () => void {
    const { rows } = this;
    return () => {
      this.rows = rows;
    };
  }
}

function liesBefore(row: object, before: Before | undefined): boolean {
  if (before === undefined) return true;
  const own = (row as Record<string, unknown>)[before.column];
  return typeof own === 'number' && own < before.time;
}

function fits<Row extends object>(row: Row, where: Where<Row>): boolean {
  return Object.entries(where).every(([column, wanted]) => {
    const own = (row as Record<string, unknown>)[column];
    return Array.isArray(wanted) ? wanted.includes(own) : own === wanted;
  });
}
