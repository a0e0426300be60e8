/** Files that the run left: listed, looked at, taken. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { downloadAddress, type FileHome, homeOfRun, shownAddress, textQuery } from '../../data/file-queries.js';
import { filesQuery, type RunFile } from '../../data/run-queries.js';
import { Field } from '../../ui/field.js';
import { formatBytes } from '../../ui/format.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Time } from '../../ui/value.js';
import { matching } from './key-groups.js';
import { PatchView } from './patch-view.js';
import type { RunPart } from './run-part.js';

type Row = RunFile & { readonly id: string };

export default function FilesTab({ run }: RunPart): ReactNode {
  const query = useQuery(filesQuery(run.id));
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <Loaded query={query} what="its files">
      {({ items }) => {
        if (items.length === 0) {
          return (
            <Empty title="No files">
              What a program leaves in <code>$SWEEP_OUTPUT_DIR</code>, or gives to <code>wandb.save</code>, is kept here.
            </Empty>
          );
        }
        const shown = new Set(
          matching(
            items.map(({ path }) => path),
            search,
          ),
        );
        const rows = items.filter(({ path }) => shown.has(path)).map((file) => ({ ...file, id: file.path }));
        return (
          <>
            <div className="look-bar">
              <Field label="Search files" hideLabel type="search" placeholder="Search files" value={search} onChange={setSearch} />
              <span className="muted">
                {rows.length} files, {formatBytes(rows.reduce((sum, { size }) => sum + size, 0))}
              </span>
            </div>
            <Table
              label="Files"
              columns={columnsFor(run.id)}
              rows={rows}
              height={picked === null ? 'min(60vh, 600px)' : '260px'}
              picked={picked === null ? [] : [picked]}
              onPick={setPicked}
            />
            {picked !== null && <FileView home={homeOfRun(run.id)} path={picked} />}
          </>
        );
      }}
    </Loaded>
  );
}

const columnsFor = (run: string): readonly Column<Row>[] => [
  { id: 'path', title: 'Path', width: 340, cell: ({ path }) => <span title={path}>{path}</span> },
  { id: 'size', title: 'Size', width: 90, numeric: true, cell: ({ size }) => <span title={`${size} B`}>{formatBytes(size)}</span> },
  { id: 'kind', title: 'Kind', width: 100, cell: ({ kind }) => kind },
  { id: 'at', title: 'Saved', width: 110, cell: ({ at }) => <Time at={at} /> },
  {
    id: 'take',
    title: 'Take',
    width: 90,
    cell: ({ path }) => (
      <a href={downloadAddress(homeOfRun(run), path)} download>
        Download
      </a>
    ),
  },
];

const pictures = /\.(png|jpe?g|gif|webp|bmp)$/i;
const texts = /\.(txt|log|md|json|jsonl|ya?ml|toml|ini|cfg|py|ts|js|mjs|sh|csv|tsv|patch|diff|xml|html?|svg|css|ipynb)$|(^|\/)[^.]+$/i;

export function FileView({ home, path }: { readonly home: FileHome; readonly path: string }): ReactNode {
  if (pictures.test(path)) return <img className="file-picture" src={shownAddress(home, path)} alt={path} />;
  if (!texts.test(path)) return <p className="muted">{path} is not shown here: download it.</p>;
  return <FileText home={home} path={path} />;
}

/** Pages and drawings too are shown as what they are written in. */
function FileText({ home, path }: { readonly home: FileHome; readonly path: string }): ReactNode {
  const query = useQuery(textQuery(home, path));
  return (
    <Loaded query={query} what={path}>
      {(text) => (/\.(patch|diff)$/.test(path) ? <PatchView patch={text} /> : <pre className="file-text">{text}</pre>)}
    </Loaded>
  );
}
