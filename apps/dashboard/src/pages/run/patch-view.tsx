/** A unified diff with its lines told apart by colour and by their sign. */
import { type ReactNode, useMemo } from 'react';
import { patchLines } from './patch-lines.js';

export function PatchView({ patch }: { readonly patch: string }): ReactNode {
  const lines = useMemo(() => patchLines(patch), [patch]);
  return (
    <pre className="file-text">
      {lines.map(({ text, kind }, i) => (
        <span key={i} className={`patch-${kind}`}>
          {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
