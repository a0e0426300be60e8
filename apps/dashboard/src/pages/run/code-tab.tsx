/** The code that ran: what it differed by from its commit, and the files that were kept of it. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { filesQuery } from '../../data/run-queries.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { FileView } from './files-tab.js';
import type { RunPart } from './run-part.js';

const isCode = ({ path, kind }: { readonly path: string; readonly kind: string }): boolean =>
  kind === 'code' || path.startsWith('code/') || /(^|\/)(diff[^/]*\.patch|requirements\.txt|conda-environment\.yaml)$/.test(path);

export default function CodeTab({ run }: RunPart): ReactNode {
  const query = useQuery(filesQuery(run.id));
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <Loaded query={query} what="its code">
      {({ items }) => {
        const files = items.filter(isCode).map(({ path }) => path);
        const shown = picked ?? files.find((path) => path.endsWith('.patch')) ?? files[0];
        return (
          <>
            <Origin run={run} />
            {shown === undefined ? (
              <Empty title="No code was kept">
                <code>wandb.init(save_code=True)</code> or <code>run.log_code()</code> keep it; the difference to the commit is kept where
                the program lies in a git repository.
              </Empty>
            ) : (
              <div className="code-view">
                <nav aria-label="Files of code">
                  {files.map((path) => (
                    <button key={path} type="button" aria-current={path === shown} onClick={() => setPicked(path)}>
                      {path}
                    </button>
                  ))}
                </nav>
                <div>
                  <FileView run={run.id} path={shown} />
                </div>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Origin({ run: { program, repo, commit } }: Pick<RunPart, 'run'>): ReactNode {
  const known = [
    ['Program', program],
    ['Repository', repo],
    ['Commit', commit],
  ].filter((fact): fact is [string, string] => fact[1] !== null);
  return (
    <dl className="named-values">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
