/**
 * The one line of a failed program's stderr that says why it failed, fit to stand in a sentence. Pure.
 *
 * Runtimes put it in different places: Python last, Node above a stack and its own version, others before a hint. So the last line that
 * names an error wins, and without one the last line that says anything.
 */

const mostCharacters = 200;
/** A report longer than this has its error further up than anybody would look. */
const mostLines = 100;

/** `ValueError: bad lr`, `torch.OutOfMemoryError: …`, `error: …`, `panic: …`, `train.py: error: …`: unindented, so not a source line. */
const namesAnError = /^(?:Uncaught )?(?:[\w.$]+: )?(?:[\w.$]*(?:Error|Exception|Interrupt)\b|error|fatal|panic)(?:\[\w+\])?(?::|$| \[)/i;
/** Frames of stacks, carets and brackets under a source line, and Node's farewell. */
const saysNothing = /^\s+(?:at|File) |^[\s^~{}()[\];,.|=*-]*$|^Node\.js v\d/;
const terminalCommands = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const blank = /[\p{Cc}\p{Cf}\p{Z}\ufffd]+/gu;

/** Null when nothing was said. @param stderr its end; the first line may be cut */
export function lastError(stderr: string): string | null {
  const lines = stderr
    .replaceAll(terminalCommands, '')
    .split(/[\r\n]+/)
    .slice(-mostLines)
    .filter((line) => !saysNothing.test(line));
  const line = lines.findLast((candidate) => namesAnError.test(candidate)) ?? lines.at(-1);
  if (line === undefined) return null;
  const plain = line
    .replaceAll(blank, ' ')
    .trim()
    .replace(/\s*\{$/, '');
  return plain === '' ? null : shortened(plain);
}

function shortened(line: string): string {
  const characters = [...line];
  return characters.length <= mostCharacters ? line : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}
