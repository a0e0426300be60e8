/** What the program printed: colours of terminals, search, and the end followed while it grows. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { messageOf } from '../../data/errors.js';
import { Button } from '../../ui/button.js';
import { Picker } from '../../ui/choice.js';
import { Field } from '../../ui/field.js';
import { Failed, Loading } from '../../ui/panels.js';
import { ansiPieces, plainText } from './ansi-lines.js';
import type { RunPart } from './run-part.js';
import { type ConsoleLine, useConsole } from './use-console.js';

const lineHeight = 18;

export default function ConsoleTab({ run, live }: RunPart): ReactNode {
  const [stream, setStream] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const [follow, setFollow] = useState(true);
  const output = useConsole({ run: run.id, stream, live });
  const lines = useMemo(() => found(output.lines, search), [output.lines, search]);
  if (output.error !== null && output.lines.length === 0) return <Failed what="the console" error={output.error} onRetry={output.again} />;
  if (!output.ready) return <Loading what="the console" />;
  const { streams } = output;
  return (
    <section aria-label="Console">
      <div className="look-bar">
        <Field label="Search the console" hideLabel type="search" placeholder="Search" value={search} onChange={setSearch} />
        {streams.length > 1 && (
          <Picker label="stream" choices={streams.map((id) => ({ id, label: id }))} value={stream ?? streams[0]!} onChange={setStream} />
        )}
        <label className="choice">
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} /> Follow
        </label>
        <span className="muted" role="status">
          {search === '' ? `${lines.length} lines` : `${lines.length} of ${output.lines.length} lines`}
          {live ? ', live' : ''}
        </span>
        {output.from > 0 && (
          <Button look="quiet" onPress={output.earlier}>
            Earlier lines
          </Button>
        )}
      </div>
      {output.error === null ? null : (
        <p className="problem" role="alert">
          {messageOf(output.error)}
        </p>
      )}
      {lines.length === 0 ? (
        <p className="muted">{search === '' ? 'Nothing was printed yet.' : 'No line has this text.'}</p>
      ) : (
        <Lines lines={lines} follow={follow} onFollow={setFollow} />
      )}
    </section>
  );
}

function found(lines: readonly ConsoleLine[], search: string): readonly ConsoleLine[] {
  const wanted = search.toLowerCase();
  return wanted === '' ? lines : lines.filter(({ text }) => plainText(text).toLowerCase().includes(wanted));
}

interface LinesProps {
  readonly lines: readonly ConsoleLine[];
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
}

function Lines({ lines, follow, onFollow }: LinesProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });
  useEffect(() => {
    if (follow) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, lines.length, virtual]);
  return (
    <div
      ref={box}
      role="log"
      aria-label="Lines of the console"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keys
      tabIndex={0}
      className="console"
      onWheel={(event) => {
        if (event.deltaY < 0) onFollow(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'PageUp' || event.key === 'ArrowUp' || event.key === 'Home') onFollow(false);
        if (event.key === 'End') onFollow(true);
      }}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} className="console-line" style={{ transform: `translateY(${start}px)` }}>
            <span className="console-number">{index + 1}</span>
            <Line line={lines[index]!} />
          </div>
        ))}
      </div>
    </div>
  );
}

const Line = memo(function Line({ line }: { readonly line: ConsoleLine }): ReactNode {
  return (
    <span className={line.stream === 'stderr' ? 'console-text console-stderr' : 'console-text'} title={line.time ?? undefined}>
      {ansiPieces(line.text).map(({ text, looks }, i) => (
        <span key={i} className={looks.join(' ')}>
          {text}
        </span>
      ))}
    </span>
  );
});
