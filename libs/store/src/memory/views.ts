/** Saved views of the twin. */
import type { ProjectId } from '@sweep/domain';
import type { SavedView, ViewStore } from '../store.js';
import { compareBy } from './order.js';
import type { MemoryState } from './state.js';

export class MemoryViews implements ViewStore {
  readonly #views = new Map<string, SavedView>();

  constructor(private readonly state: MemoryState) {}

  async create(given: Omit<SavedView, 'createdAt' | 'updatedAt'>): Promise<SavedView> {
    const at = this.state.now();
    const view = { ...given, createdAt: at, updatedAt: at };
    this.#views.set(view.id, view);
    return { ...view };
  }

  async find(id: string): Promise<SavedView | null> {
    const view = this.#views.get(id);
    // They go with their user.
    return view === undefined || !this.state.users.has(view.user) ? null : { ...view };
  }

  async list(project: ProjectId, page: string | null): Promise<readonly SavedView[]> {
    const all = await Promise.all([...this.#views.keys()].map((id) => this.find(id)));
    const found = all.filter((view) => view !== null && view.project === project && (page === null || view.page === page));
    return (found as SavedView[]).sort(compareBy(({ name, id }) => [name, id]));
  }

  async change(id: string, change: Partial<Pick<SavedView, 'name' | 'state'>>): Promise<SavedView | null> {
    const view = await this.find(id);
    if (view === null) return null;
    const changed = { ...view, ...change, updatedAt: this.state.now() };
    this.#views.set(id, changed);
    return { ...changed };
  }

  async remove(id: string): Promise<boolean> {
    return (await this.find(id)) !== null && this.#views.delete(id);
  }
}
