/**
 * Lines of a console as pieces of text with their looks. The colours of terminals become ours; every other control is taken out, so
 * that no output moves, hides or links anything.
 */
import Anser from 'anser';

export interface AnsiPiece {
  readonly text: string;
  /** Names of our classes. */
  readonly looks: readonly string[];
}

/** Titles, links and other strings that a terminal would act upon; then every sequence but those for looks, which end in `m`. */
const strings = /\u001b[\]P^_X][\s\S]*?(?:\u0007|\u001b\\|$)/g;
const controls = /\u001b\[[0-9;?<=>!]*[ -/]*[@-ln-~]|\u001b[()*+#%][0-9A-Za-z]|\u001b[@-Z\\^_`a-z0-9=><~|}]/g;
const others = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** What a terminal would show in the end: of a line that was written over and over, the last writing. */
export function shownText(line: string): string {
  const text = line.replaceAll(strings, '').replaceAll(controls, '');
  const last = text.split('\r').findLast((part) => part !== '') ?? '';
  return last.replaceAll(others, '');
}

export function ansiPieces(line: string): readonly AnsiPiece[] {
  const text = shownText(line);
  if (!text.includes('\u001b')) return text === '' ? [] : [{ text, looks: [] }];
  return Anser.ansiToJson(text, { json: true, remove_empty: true, use_classes: true }).map((piece) => ({
    // A sequence that was cut off leaves its beginning.
    text: piece.content.replaceAll('\u001b', ''),
    looks: [piece.fg, piece.bg === null || piece.bg === undefined ? null : `${piece.bg}-behind`, ...(piece.decorations ?? [])].filter(
      isLook,
    ),
  }));
}

const isLook = (name: string | null | undefined): name is string => typeof name === 'string' && /^[a-z0-9-]+$/.test(name);

/** Without any looks, as search and copies see it. */
export const plainText = (line: string): string =>
  ansiPieces(line)
    .map(({ text }) => text)
    .join('');
