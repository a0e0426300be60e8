/** A unified diff, line by line with what each line is. */
export interface PatchLine {
  readonly text: string;
  readonly kind: 'file' | 'place' | 'added' | 'removed' | 'same';
}

export function patchLines(patch: string): readonly PatchLine[] {
  return patch
    .replace(/\n$/, '')
    .split('\n')
    .map((text) => ({ text, kind: kindOf(text) }));
}

function kindOf(text: string): PatchLine['kind'] {
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|rename |similarity |Binary )/.test(text)) return 'file';
  if (text.startsWith('@@')) return 'place';
  if (text.startsWith('+')) return 'added';
  return text.startsWith('-') ? 'removed' : 'same';
}
