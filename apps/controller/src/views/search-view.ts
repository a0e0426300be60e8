/** What a search did, as the API shows it. Pure. */
import type { LoggedTrialView, ProposalView, SearchLogView } from '@sweep/api';
import type { Sweep } from '@sweep/domain';
import type { LogEntry, LoggedTrial, Page, StoredProposal } from '@sweep/store';
import { readParams } from '../sampling/observations.js';

export function proposalView({ detail, ...origin }: StoredProposal): ProposalView {
  return {
    ...origin,
    thoroughness: detail?.thoroughness ?? 'full',
    arm: detail?.arm ?? null,
    hypothesis: detail?.hypothesis ?? null,
    mean: detail?.mean ?? null,
    deviation: detail?.deviation ?? null,
    intent: detail?.intent ?? null,
    near: [...(detail?.near ?? [])],
  };
}

export function searchLogView({ seed }: Sweep, page: Page<LoggedTrial>, priors: readonly LogEntry[]): SearchLogView {
  return { ...page, items: page.items.map(loggedTrialView), seed: seed.toString(), priors: priors.map(entryView) };
}

function loggedTrialView({ origin, observed, proposal, ...entry }: LoggedTrial): LoggedTrialView {
  if (proposal === null) return { ...entryView(entry), origin, observed, proposal };
  const { detail, ...from } = proposal;
  return { ...entryView(entry), origin, observed, proposal: { ...from, thoroughness: detail?.thoroughness ?? 'full' } };
}

const entryView = ({ number, params, state, values, limits, curve, blame }: LogEntry) => ({
  number,
  params: readParams(params),
  state,
  values: [...values],
  ...(limits === undefined ? {} : { limits: [...limits] }),
  ...(curve === undefined ? {} : { curve: [...curve] }),
  ...(blame === undefined ? {} : { blame }),
});
