/** Alerts of the twin. */
import type { RunId } from '@sweep/domain';
import type { Alert, AlertStore, NewAlert } from '../store.js';
import type { MemoryState } from './state.js';

const words = ['run', 'title', 'text', 'level', 'silenceMs'] as const;

export class MemoryAlerts implements AlertStore {
  constructor(private readonly state: MemoryState) {}

  async raise(given: NewAlert, repeatedWithinMs: number): Promise<Alert> {
    const raisedAt = this.state.now();
    const repeated = this.state.alerts.find(
      (earlier) => raisedAt < earlier.raisedAt + repeatedWithinMs && words.every((word) => earlier[word] === given[word]),
    );
    if (repeated !== undefined) return { ...repeated };
    const silenced = this.state.alerts.some(
      (earlier) =>
        earlier.run === given.run && earlier.title === given.title && !earlier.silenced && raisedAt < earlier.raisedAt + earlier.silenceMs,
    );
    const alert = { ...given, id: this.state.alerts.length + 1, raisedAt, silenced };
    this.state.alerts.push(alert);
    return { ...alert };
  }

  async list(run: RunId): Promise<readonly Alert[]> {
    return this.state.alerts.filter((alert) => alert.run === run).map((alert) => ({ ...alert }));
  }
}
