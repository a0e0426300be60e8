/** The sweep file as it holds now, what was found in it, and every revision with what it changed. */
import type { FindingView, RevisionView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { diffLines } from 'diff';
import { revisionsQuery } from '../../data/sweep-queries.js';
import { Picker } from '../../ui/choice.js';
import { Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { Time } from '../../ui/value.js';
import type { SweepParts } from './parts.js';

export default function ConfigTab({ sweep }: SweepParts) {
  const revisions = useQuery(revisionsQuery(sweep.id));
  return (
    <div className="stack">
      <section>
        <h2>Sweep file</h2>
        <FileWithFindings text={sweep.config} findings={sweep.findings} />
      </section>
      <Loaded query={revisions} what="revisions">
        {({ items }) => <Revisions revisions={items} />}
      </Loaded>
    </div>
  );
}

function FileWithFindings({ text, findings }: { readonly text: string; readonly findings: readonly FindingView[] }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so it must be reachable without a mouse
    <section className="source" tabIndex={0} aria-label="Lines of the sweep file">
      <ol>
        {lines.map((line, index) => (
          <li key={index}>
            <code>{line === '' ? ' ' : line}</code>
            {findings
              .filter((finding) => finding.line === index + 1)
              .map(({ code, severity, message, hint, column }) => (
                <p key={`${code}${column}`} className={`finding finding-${severity}`}>
                  {severity} {code}: {message} {hint}
                </p>
              ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Revisions({ revisions }: { readonly revisions: readonly RevisionView[] }) {
  const ordered = [...revisions].sort((a, b) => b.revision - a.revision);
  const [{ revision: wanted = '' }, setParams] = useParamsInAddress();
  const shown = ordered.find(({ revision }) => String(revision) === wanted) ?? ordered[0];
  if (shown === undefined) return null;
  const before = ordered.find(({ revision }) => revision === shown.revision - 1);
  return (
    <section className="stack-small">
      <div className="row">
        <h2>Revisions</h2>
        <Picker
          label="Shown"
          choices={ordered.map(({ revision }) => ({ id: String(revision), label: `revision ${revision}` }))}
          value={String(shown.revision)}
          onChange={(revision) => setParams({ revision })}
        />
        <span className="muted">
          by {shown.by ?? 'nobody known'}, <Time at={shown.at} />
        </span>
      </div>
      {before === undefined ? <p className="muted">This is how it began.</p> : <Change before={before} after={shown} />}
    </section>
  );
}

const limits = { runCap: 'trials in all', parallel: 'at once', priority: 'priority' } as const;

function Change({ before, after }: { readonly before: RevisionView; readonly after: RevisionView }) {
  const changed = Object.entries(limits).filter(([name]) => before[name as keyof typeof limits] !== after[name as keyof typeof limits]);
  const parts = diffLines(before.config, after.config);
  return (
    <>
      {changed.map(([name, label]) => (
        <p key={name}>
          {label}: {before[name as keyof typeof limits] ?? 'no limit'} → {after[name as keyof typeof limits] ?? 'no limit'}
        </p>
      ))}
      {before.config === after.config ? (
        <p className="muted">The file did not change.</p>
      ) : (
        <pre className="diff">
          {parts.map(({ value, added, removed }, index) => (
            <span key={index} className={added ? 'diff-added' : removed ? 'diff-removed' : undefined}>
              {value.replace(/^(?=.)/gm, added ? '+ ' : removed ? '- ' : '  ')}
            </span>
          ))}
        </pre>
      )}
    </>
  );
}
