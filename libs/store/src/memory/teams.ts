/** Teams, charts and webhooks of the twin. */
import type { ProjectId, UserId } from '@sweep/domain';
import type {
  ChartStore,
  CustomChart,
  Delivery,
  DeliveryEnd,
  DueDelivery,
  Occasion,
  Team,
  TeamMember,
  TeamStore,
  Webhook,
  WebhookStore,
} from '../store.js';
import { compareBy } from './order.js';
import type { MemoryState } from './state.js';

export class MemoryTeams implements TeamStore {
  constructor(private readonly state: MemoryState) {}

  async create(name: string, admin: UserId): Promise<Team | null> {
    if (this.state.teams.has(name) || [...this.state.users.values()].some((user) => user.name === name)) return null;
    this.state.teams.set(name, { name, createdAt: this.state.now(), members: new Map([[admin, true]]) });
    return this.find(name);
  }

  async find(name: string): Promise<Team | null> {
    const team = this.state.teams.get(name);
    return team === undefined ? null : { name: team.name, createdAt: team.createdAt };
  }

  async list(member: UserId | null): Promise<readonly Team[]> {
    return [...this.state.teams.values()]
      .filter(({ members }) => member === null || (members.has(member) && this.state.users.has(member)))
      .map(({ name, createdAt }) => ({ name, createdAt }))
      .sort(compareBy(({ name }) => [name]));
  }

  async members(team: string): Promise<readonly TeamMember[]> {
    const members = [...(this.state.teams.get(team)?.members ?? [])];
    return members
      .flatMap(([user, admin]) => {
        const name = this.state.users.get(user)?.name;
        return name === undefined ? [] : [{ user, name, admin }];
      })
      .sort(compareBy(({ name }) => [name]));
  }

  async member(team: string, user: UserId): Promise<TeamMember | null> {
    return (await this.members(team)).find((member) => member.user === user) ?? null;
  }

  async put(team: string, { user, admin }: { readonly user: UserId; readonly admin: boolean }): Promise<boolean> {
    const members = this.state.teams.get(team)?.members;
    if (members === undefined || !this.state.users.has(user)) return false;
    members.set(user, admin);
    return true;
  }

  async remove(team: string, user: UserId): Promise<boolean> {
    return this.state.teams.get(team)?.members.delete(user) ?? false;
  }
}

export class MemoryCharts implements ChartStore {
  readonly #charts = new Map<string, CustomChart>();

  constructor(private readonly state: MemoryState) {}

  async put(given: Omit<CustomChart, 'updatedAt'>): Promise<CustomChart> {
    const chart = { ...given, updatedAt: this.state.now() };
    this.#charts.set(JSON.stringify([chart.entity, chart.name]), chart);
    return { ...chart };
  }

  async find(entity: string, name: string): Promise<CustomChart | null> {
    const chart = this.#charts.get(JSON.stringify([entity, name]));
    return chart === undefined ? null : { ...chart };
  }

  async list(entity: string): Promise<readonly CustomChart[]> {
    return [...this.#charts.values()].filter((chart) => chart.entity === entity).sort(compareBy(({ name }) => [name]));
  }
}

interface KeptDelivery extends Delivery {
  readonly occasion: string;
}

export class MemoryWebhooks implements WebhookStore {
  #hooks: readonly Webhook[] = [];
  #deliveries: readonly KeptDelivery[] = [];

  constructor(private readonly state: MemoryState) {}

  async list(project: ProjectId): Promise<readonly Webhook[]> {
    return structuredClone(this.#hooks.filter((hook) => hook.project === project).sort(compareBy(({ url }) => [url])));
  }

  async replace(project: ProjectId, hooks: readonly Pick<Webhook, 'id' | 'url' | 'secret' | 'events'>[]): Promise<readonly Webhook[]> {
    const known = new Map((await this.list(project)).map((hook) => [hook.url, hook]));
    const kept = hooks.map((hook) => {
      const { id, createdAt } = known.get(hook.url) ?? { id: hook.id, createdAt: this.state.now() };
      return { ...hook, id, createdAt, project };
    });
    this.#hooks = [...this.#hooks.filter((hook) => hook.project !== project), ...kept];
    this.#deliveries = this.#deliveries.filter(({ webhook }) => this.#hooks.some(({ id }) => id === webhook));
    return this.list(project);
  }

  async tell(project: ProjectId, { id: occasion, event, body, ids }: Occasion & { readonly ids: () => string }): Promise<number> {
    const wanting = this.#hooks.filter((hook) => hook.project === project && hook.events.includes(event));
    const missing = wanting.filter(({ id }) => !this.#deliveries.some((one) => one.webhook === id && one.occasion === occasion));
    const at = this.state.now();
    const added = missing.map((hook) => ({
      ...{ id: ids(), webhook: hook.id, occasion, event, body, state: 'waiting' as const },
      ...{ tries: 0, dueAt: at, answer: null, createdAt: at },
    }));
    this.#deliveries = [...this.#deliveries, ...added];
    return added.length;
  }

  async take(limit: number, forMs: number): Promise<readonly DueDelivery[]> {
    const now = this.state.now();
    const due = this.#deliveries.filter(({ state, dueAt }) => state === 'waiting' && dueAt <= now);
    const taken = due.toSorted(compareBy(({ dueAt, id }) => [dueAt, id])).slice(0, limit);
    for (const { id, tries } of taken) this.#change(id, { tries: tries + 1, dueAt: now + forMs });
    return taken.map(({ occasion: _occasion, ...delivery }) => {
      const { url, secret } = this.#hooks.find(({ id }) => id === delivery.webhook)!;
      return { ...delivery, tries: delivery.tries + 1, dueAt: now + forMs, url, secret };
    });
  }

  async settle({ id, tries }: Pick<DueDelivery, 'id' | 'tries'>, end: DeliveryEnd): Promise<boolean> {
    const { state, answer } = end;
    if (!this.#deliveries.some((one) => one.id === id && one.state === 'waiting' && one.tries === tries)) return false;
    this.#change(id, { state, answer, ...(end.state === 'waiting' ? { dueAt: this.state.now() + end.againInMs } : {}) });
    return true;
  }

  async deliveries(project: ProjectId, limit: number): Promise<readonly Delivery[]> {
    const own = new Set((await this.list(project)).map(({ id }) => id));
    const found = this.#deliveries.filter(({ webhook }) => own.has(webhook)).map(({ occasion: _occasion, ...delivery }) => delivery);
    return found.sort(compareBy(({ createdAt, id }) => [-createdAt, id])).slice(0, limit);
  }

  async forget(olderThanMs: number): Promise<number> {
    const before = this.#deliveries.length;
    const since = this.state.now() - olderThanMs;
    this.#deliveries = this.#deliveries.filter(({ state, createdAt }) => state === 'waiting' || createdAt >= since);
    return before - this.#deliveries.length;
  }

  #change(id: string, change: Partial<KeptDelivery>): void {
    this.#deliveries = this.#deliveries.map((delivery) => (delivery.id === id ? { ...delivery, ...change } : delivery));
  }
}
