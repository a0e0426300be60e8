/** The keys of the dashboard. */
import { Dialog } from '../ui/dialog.js';

const keys: readonly (readonly [string, string])[] = [
  ['/', 'Search sweeps, projects and runs'],
  ['j  k', 'Next and last row of a table'],
  ['Esc', 'Clear the selection, close what is open'],
  ['g s', 'Go to sweeps'],
  ['g p', 'Go to projects'],
  ['g r', 'Go to runs'],
  ['g a', 'Go to agents'],
  ['g q', 'Go to the queue'],
  ['?', 'This list'],
];

export function Help({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" open={open} onClose={onClose}>
      <dl className="facts">
        {keys.map(([key, what]) => (
          <div key={key} className="fact">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="muted help-charts">Charts: drag to zoom, double-click to reset, shift to add to the selection.</p>
    </Dialog>
  );
}
