/** `--name=value` over defaults, so that the examples run by hand with the same flags that a sweep gives them. */
import { parseArgs } from 'node:util';

/**
 * A flag has the type of its default; an unknown flag or a text where a number belongs ends the program with a message.
 *
 * @template {Record<string, string | number | boolean>} T
 * @param {T} defaults
 * @returns {T}
 */
export function flags(defaults, args = process.argv.slice(2)) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ args, options });
  const given = Object.entries(values).map(([name, text]) => [name, typed(name, text, defaults[name])]);
  return { ...defaults, ...Object.fromEntries(given) };
}

function typed(name, text, byDefault) {
  if (typeof byDefault === 'string') return text;
  if (typeof byDefault === 'boolean') return text.toLowerCase() === 'true';
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) throw new Error(`--${name} must be a number, not ${JSON.stringify(text)}`);
  return number;
}
