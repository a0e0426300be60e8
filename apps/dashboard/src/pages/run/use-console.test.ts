import { expect, it } from 'vitest';
import { appended, type ConsoleState } from './use-console.js';

const line = (at: number) => ({ at, stream: 'stdout', time: null, text: `line ${at}` });
const page = (...places: readonly number[]) => ({
  lines: places.map(line),
  from: places[0]!,
  next: places.at(-1)! + 10,
  total: 1_000,
  unit: 'bytes' as const,
  stream: 'stdout',
  streams: ['stdout'],
  ended: false,
});

it('of a console that grows without an end the last lines are kept, and the earlier ones can be asked for', () => {
  const none: ConsoleState = { lines: [], from: 0, streams: [], ready: false, error: null };
  const first = appended(none, page(20, 30), 3);
  expect(first).toMatchObject({ lines: [line(20), line(30)], from: 20 });
  expect(appended(first, page(40, 50), 3)).toMatchObject({ lines: [line(30), line(40), line(50)], from: 30 });
});
