/** The code that ran: what it differed by from its commit, and the files that were kept of it. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { homeOfRun, type PlacedFile } from '../../data/file-queries.js';
import { artifactFilesQuery, artifactsQuery, filesQuery } from '../../data/run-queries.js';
import { Empty, Failed, Loaded } from '../../ui/panels.js';
import { FileView } from './files-tab.js';
import type { RunPart } from './run-part.js';

const isCode = ({ path, kind }: { readonly path: string; readonly kind: string }): boolean =>
  kind === 'code' || path.startsWith('code/') || /(^|\/)(diff[^/]*\.patch|requirements\.txt|conda-environment\.yaml)$/.test(path);

export default function CodeTab({ run }: RunPart): ReactNode {
  const files = useQuery(filesQuery(run.id));
  const artifacts = useQuery(artifactsQuery(run.id));
  // What `run.log_code` kept, the newest.
  const logged = artifacts.data?.items.findLast(({ type, role }) => type === 'code' && role === 'output')?.id ?? null;
  const inArtifact = useQuery({ ...artifactFilesQuery(logged ?? ''), enabled: logged !== null });
  const [picked, setPicked] = useState<PlacedFile | null>(null);
  return (
    <>
      <Origin run={run} />
      <Loaded query={files} what="its code">
        {({ items }) => (
          <Loaded query={artifacts} what="its code">
            {() => {
              const own = items.filter(isCode).map(({ path }): PlacedFile => ({ home: homeOfRun(run.id), path }));
              const more = (inArtifact.data?.items ?? []).map(({ path }): PlacedFile => ({ home: { of: 'artifact', id: logged! }, path }));
              return <CodeFiles files={[...own, ...more]} picked={picked} onPick={setPicked} />;
            }}
          </Loaded>
        )}
      </Loaded>
      {inArtifact.error === null ? null : (
        <Failed what="the code that was logged" error={inArtifact.error} onRetry={() => void inArtifact.refetch()} />
      )}
    </>
  );
}

interface CodeFilesProps {
  readonly files: readonly PlacedFile[];
  readonly picked: PlacedFile | null;
  readonly onPick: (file: PlacedFile) => void;
}

function CodeFiles({ files, picked, onPick }: CodeFilesProps): ReactNode {
  const shown = picked ?? files.find(({ path }) => path.endsWith('.patch')) ?? files[0];
  if (shown === undefined) {
    return (
      <Empty title="No code was kept">
        <code>wandb.init(save_code=True)</code> or <code>run.log_code()</code> keep it; the difference to the commit is kept where the
        program lies in a git repository.
      </Empty>
    );
  }
  return (
    <div className="code-view">
      <nav aria-label="Files of code">
        {files.map((file) => (
          <button
            key={`${file.home.id}/${file.path}`}
            type="button"
            aria-current={file.path === shown.path && file.home.id === shown.home.id}
            onClick={() => onPick(file)}
          >
            {file.path}
          </button>
        ))}
      </nav>
      <div>
        <FileView {...shown} />
      </div>
    </div>
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
