/** Saved views: how a person likes to see a page of a project. What a view's state means is the page's business. */
import type { ProjectId, UserId } from '@sweep/domain';

export interface SavedView {
  readonly id: string;
  readonly project: ProjectId;
  /** Which page it is of: `runs`, say. */
  readonly page: string;
  readonly name: string;
  /** JSON. */
  readonly state: string;
  readonly user: UserId;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ViewStore {
  create(view: Omit<SavedView, 'createdAt' | 'updatedAt'>): Promise<SavedView>;
  find(id: string): Promise<SavedView | null>;
  /** By name. */
  list(project: ProjectId, page: string | null): Promise<readonly SavedView[]>;
  /** Null: there is none. */
  change(id: string, change: Partial<Pick<SavedView, 'name' | 'state'>>): Promise<SavedView | null>;
  remove(id: string): Promise<boolean>;
}
