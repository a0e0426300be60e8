/** Findings for people: the place, the line of the file, a caret under the token, and the hint. */
import type { Finding } from './findings.js';

/** @param file the name to show, as the user gave it */
export function renderFindings(file: string, text: string, findings: readonly Finding[]): string {
  const lines = text.split('\n');
  return findings.map((finding) => render(file, lines[finding.line - 1] ?? '', finding)).join('\n\n');
}

function render(file: string, sourceLine: string, finding: Finding): string {
  const line = sourceLine.replace(/\r$/, '');
  const start = finding.column - 1;
  // Tabs are repeated below themselves, so that the caret stands right whatever their width.
  const indent = line.slice(0, start).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(finding.length, line.length - start)));
  const parts = [
    `${file}:${finding.line}:${finding.column}: ${finding.severity} ${finding.code}: ${finding.message}`,
    `  ${line}`,
    `  ${indent}${carets}`,
  ];
  return finding.hint === '' ? parts.join('\n') : [...parts, `  hint: ${finding.hint}`].join('\n');
}
