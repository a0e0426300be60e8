/**
 * Text -> tree, with YAML 1.1's rules as PyYAML's safe loader applies them; JSON is read the same way.
 *
 * Owns the limits on size and depth, which are checked before anything recursive sees the text, so that no text makes it throw.
 */
import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { Conversion, type ReadProblem, Unreadable } from './convert.js';
import type { Node } from './tree.js';

export const largestFileBytes = 1_048_576;
/** Levels of nesting, counted in the parser's open constructs. */
const deepest = 200;

export type Reading = { readonly ok: true; readonly root: Node } | { readonly ok: false; readonly problems: readonly ReadProblem[] };

/** PyYAML reads printable characters only; a lone surrogate is no character at all. */
const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function readYaml(text: string): Reading {
  // A character is at least one byte: most texts need no encoding to be known as small.
  if (text.length > largestFileBytes || new TextEncoder().encode(text).length > largestFileBytes) {
    return failed(0, 0, `the file is larger than ${largestFileBytes / 1024 / 1024} MiB`);
  }
  const bad = unprintable.exec(text);
  if (bad !== null) return failed(bad.index, 1, `the character ${codeName(bad[0])} is not allowed in YAML`);
  const tokens = parse(text);
  if (!Array.isArray(tokens)) return failed(tokens.tooDeepAt, 1, `nested more than ${deepest} levels deep`);
  // failsafe: the library decides syntax only; every plain scalar reaches us as text.
  const documents = [...new Composer({ schema: 'failsafe', uniqueKeys: false, version: '1.2' }).compose(tokens)];
  return fromDocuments(documents, text);
}

function parse(text: string): CST.Token[] | { tooDeepAt: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > deepest) return { tooDeepAt: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function fromDocuments(documents: readonly Document.Parsed[], text: string): Reading {
  const error = documents.flatMap((document) => document.errors)[0];
  if (error !== undefined) {
    const [from, to] = error.pos;
    // What is never closed is noticed at the end of the file; people look for it at the end of what they wrote.
    const last = Math.max(text.trimEnd().length - 1, 0);
    return from > last ? failed(last, 1, firstLine(error.message)) : failed(from, to - from, firstLine(error.message));
  }
  const [document, second] = documents;
  if (second !== undefined) return failed(second.range[0], 3, 'the file holds several YAML documents; a sweep file is one');
  if (document === undefined) return empty();
  return fromDocument(document, text);
}

function fromDocument(document: Document.Parsed, text: string): Reading {
  const conversion = new Conversion();
  try {
    const root = conversion.node(document.contents, { offset: 0, length: Math.min(1, text.length) });
    if (root.kind === 'scalar' && root.value === null) return empty();
    return conversion.dates.length > 0 ? { ok: false, problems: conversion.dates } : { ok: true, root };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problems: [error.problem] };
    throw error;
  }
}

function empty(): Reading {
  return failed(0, 1, 'the file is empty');
}

function failed(offset: number, length: number, message: string): Reading {
  return { ok: false, problems: [{ code: 'E-YAML', at: { offset, length }, message }] };
}

/** The library adds the place and an excerpt to its messages; both are ours to say. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

function codeName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
