/** The nearest known word to a misspelt one. Owns the distance and the judgement what is near; callers own their lists of words. */

/** Number of single-character insertions, deletions and replacements between the two (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The nearest of the known words, unless even that is too far to be what was meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestWord || known.length > mostWords) return undefined;
  const furthest = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = furthest + 1;
  for (const candidate of known) {
    // Never nearer than the difference in length.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `did you mean \`x\`?`, or what there is to choose from; undefined when that is too much to list. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length > 0 && known.length <= mostListed ? `one of: ${known.join(', ')}` : undefined;
}

/** Longer ones are no misspelling of a key, and the distance is quadratic. */
const longestWord = 64;
/** A file with more parameters has no use for a guess, and guessing for each of them would take minutes. */
const mostWords = 500;
const mostListed = 20;
