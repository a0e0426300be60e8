/**
 * The seam between the rules of artifacts and where they are kept: rows by equality, and writes that are alone in their projects.
 *
 * The rules are in this folder, once; PostgreSQL and the twin give only this.
 */
import type { ProjectId } from '@sweep/domain';
import type {
  ArtifactAlias,
  ArtifactClientId,
  ArtifactCollection,
  ArtifactContent,
  ArtifactFile,
  ArtifactLink,
  ArtifactManifest,
  ArtifactType,
  ArtifactVersion,
  Garbage,
  RunArtifact,
} from './records.js';

type Plain = string | number | null;

/** Columns that equal the value, or are among the values. */
export type Where<Row> = {
  readonly [Column in keyof Row as Row[Column] extends Plain ? Column : never]?: Row[Column] | readonly Row[Column][];
};

export interface Slice {
  readonly start: number;
  readonly limit: number;
}

/** Rows whose time lies before; those that have none do not. Only of tables with such a column. */
export interface Before {
  readonly column: 'expiresAt' | 'wantedAt' | 'since';
  readonly time: number;
}

export interface Table<Row> {
  /** In the order in which they were inserted. */
  find(where: Where<Row>, slice?: Slice, before?: Before): Promise<readonly Row[]>;
  count(where: Where<Row>): Promise<number>;
  /** Rows whose key is there already are left out. */
  insert(rows: readonly Row[]): Promise<void>;
  change(where: Where<Row>, set: Partial<Row>): Promise<void>;
  remove(where: Where<Row>): Promise<void>;
}

export interface ArtifactTables {
  readonly types: Table<ArtifactType>;
  readonly collections: Table<ArtifactCollection>;
  readonly versions: Table<ArtifactVersion>;
  readonly clientIds: Table<ArtifactClientId>;
  readonly links: Table<ArtifactLink>;
  readonly aliases: Table<ArtifactAlias>;
  readonly manifests: Table<ArtifactManifest>;
  readonly files: Table<ArtifactFile>;
  readonly contents: Table<ArtifactContent>;
  readonly runs: Table<RunArtifact>;
  readonly garbage: Table<Garbage>;
}

export interface ArtifactWrite {
  readonly tables: ArtifactTables;
  readonly now: number;
}

export interface ArtifactBackend {
  /** Each statement stands alone. */
  each<T>(work: (tables: ArtifactTables) => Promise<T>): Promise<T>;
  /** One transaction, alone among the writes of these projects. It may run more than once. */
  write<T>(projects: readonly ProjectId[], work: (write: ArtifactWrite) => Promise<T>): Promise<T>;
}
