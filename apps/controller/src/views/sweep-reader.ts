/** Reads what the views of sweeps need beside their rows: counts together for all, the best trial of each. */
import type { SweepView } from '@sweep/api';
import type { Sweep } from '@sweep/domain';
import type { Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import { noTrials, sweepView } from './sweep-view.js';

/** Of a rule without an end; each is several times the one before. */
const mostRungs = 12;

export class SweepReader {
  constructor(private readonly parts: { readonly store: Store; readonly specs: Specs; readonly publicUrl: () => string }) {}

  async views(sweeps: readonly Sweep[]): Promise<readonly SweepView[]> {
    const { store, specs, publicUrl } = this.parts;
    const [counts, best] = await Promise.all([
      store.sweeps.counts(sweeps.map(({ id }) => id)),
      Promise.all(sweeps.map((sweep) => this.#best(sweep))),
    ]);
    return sweeps.map((sweep, index) =>
      sweepView(sweep, {
        spec: specs.of(sweep),
        findings: specs.findings(sweep),
        counts: counts.get(sweep.id) ?? noTrials,
        expected: specs.expected(sweep),
        rungs: [...new Set(specs.pruner(sweep)?.rungs(mostRungs))],
        best: best[index] ?? null,
        publicUrl: publicUrl(),
      }),
    );
  }

  async view(sweep: Sweep): Promise<SweepView> {
    const [view] = await this.views([sweep]);
    return view!;
  }

  async #best(sweep: Sweep) {
    const { objectives, limits } = this.parts.specs.of(sweep);
    const [objective] = objectives;
    if (objective === undefined) return null;
    const [best] = await this.parts.store.trials.best(sweep.id, { goal: objective.goal, limits }, 1);
    return best ?? null;
  }
}
