import { describe, expect, it } from 'vitest';
import { endOfStopping, type SweepTransition, sweepTransitions } from './sweep.js';
import { trialTransitions } from './trial.js';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = (...cells: readonly string[]): string => `${row(...cells)}\n${row(...cells.map(() => '---'))}`;

function reasonOf({ to, reason }: SweepTransition): string {
  if (reason === 'cleared' || reason === 'kept') return to;
  return reason === 'from-event' ? `${to}(budget or exhausted)` : `${to}(${reason})`;
}

function render(): string {
  return [
    '# States',
    '',
    'Generated from the transition tables in `libs/domain` by `states.test.ts`; change the tables, then run `npx vitest run libs/domain -u`.',
    '',
    '## Sweep',
    '',
    head('from', 'event', 'to', 'effects'),
    ...sweepTransitions.map((transition) =>
      row(transition.from.join(', '), transition.event, reasonOf(transition), transition.effects.join(', ')),
    ),
    ...Object.entries(endOfStopping).map(([reason, to]) => row(`stopping(${reason})`, 'drained', `${to}(${reason})`, '')),
    '',
    '## Trial',
    '',
    head('from', 'event', 'guard', 'to'),
    ...trialTransitions.map(({ from, event, guard, to }) => row(from.join(', '), event, guard, to)),
    '',
    'Terminal trials never change, and a stale lease changes nothing: what was measured is kept under its attempt.',
    '',
  ].join('\n');
}

describe('docs/states.md', () => {
  it('is what the tables say', async () => {
    await expect(render()).toMatchFileSnapshot('../../../docs/states.md');
  });
});
