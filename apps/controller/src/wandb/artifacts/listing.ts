/** Filters and orders of lists of artifacts, which are short enough to be at hand. */
import { Invalid } from '@sweep/domain';
import { type FilterValue, matches, parseFilter } from '@sweep/wandb';

type Fields<Item> = (item: Item) => Readonly<Record<string, FilterValue | readonly FilterValue[]>>;

/** @throws Invalid */
export function selected<Item>(items: readonly Item[], filter: string | null | undefined, fieldsOf: Fields<Item>): readonly Item[] {
  const parsed = parseFilter(filter, (name) => name);
  return items.filter((item) => {
    const fields = fieldsOf(item);
    return matches(parsed, {
      read: (name) => {
        if (!Object.hasOwn(fields, name))
          throw new Invalid(`artifacts cannot be filtered by "${name.slice(0, 80)}": there are ${Object.keys(fields).join(', ')}`);
        return fields[name];
      },
      search: (pattern, text) => text.includes(literal(pattern)),
    });
  });
}

/** Patterns of clients could take for ever; those without a special character do not. @throws Invalid */
function literal(pattern: string): string {
  if (/[\\^$.*+?()[\]{}|]/.test(pattern.replaceAll(/\\(.)/g, '')))
    throw new Invalid(`the pattern "${pattern.slice(0, 80)}" is not searched for in artifacts: give a plain text`);
  return pattern.replaceAll(/\\(.)/g, '$1');
}

/** `-createdAt`, `+name`, `name`. @throws Invalid */
export function ordered<Item>(items: readonly Item[], order: string | null | undefined, fieldsOf: Fields<Item>): readonly Item[] {
  if (order === null || order === undefined || order === '') return items;
  const [, sign, given = ''] = /^([+-]?)(.*)$/s.exec(order)!;
  const name = given.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const key = (item: Item): FilterValue => {
    const value = fieldsOf(item)[name];
    if (value === undefined || (typeof value === 'object' && value !== null))
      throw new Invalid(`artifacts cannot be ordered by "${given.slice(0, 80)}"`);
    return value;
  };
  const direction = sign === '-' ? -1 : 1;
  return items.toSorted((a, b) => direction * compare(key(a), key(b)));
}

function compare(a: FilterValue, b: FilterValue): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
