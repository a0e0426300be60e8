/** What a click does to the selection: it replaces, with shift it adds or takes away, on nothing it clears. */
export function afterClick(selected: readonly string[], id: string | null, shift: boolean): readonly string[] {
  if (id === null) return shift ? selected : [];
  if (!shift) return selected.length === 1 && selected[0] === id ? [] : [id];
  return selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id];
}
