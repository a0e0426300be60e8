/** Completion scripts made from the tree of commands: command names, then subcommands and flags, then files. */
import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Node {
  /** `agents ls`; empty for `sweep` itself. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly about: string }[];
  readonly flags: readonly { readonly flag: string; readonly about: string }[];
}

export function completionScript(shell: Shell, program: Command): string {
  const nodes = [...nodesOf(program, '')];
  switch (shell) {
    case 'bash':
      return bash(nodes);
    case 'zsh':
      return zsh(nodes);
    case 'fish':
      return fish(nodes);
  }
}

function* nodesOf(command: Command, path: string): Generator<Node> {
  yield {
    path,
    words: command.commands.map((child) => ({ word: child.name(), about: child.description() })),
    flags: command.options.flatMap(({ long, description, hidden }) =>
      long == null || (hidden && path === '') ? [] : [{ flag: long, about: description }],
    ),
  };
  for (const child of command.commands) yield* nodesOf(child, path === '' ? child.name() : `${path} ${child.name()}`);
}

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words, flags }) => {
    const list = [...words.map(({ word }) => word), ...flags.map(({ flag }) => flag)].join(' ');
    return `    '${path}') words='${list}' ;;`;
  });
  return `# bash completion for sweep; source it, e.g. from ~/.bashrc
_sweep() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -* ]] && continue
    case "$path \${COMP_WORDS[i]}" in
${depths(nodes)}    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _sweep sweep
`;
}

/** Arms of the case that walks down the tree: only words that name a command move it. */
function depths(nodes: readonly Node[]): string {
  return nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => {
      const parts = path.split(' ');
      return `      '${parts.slice(0, -1).join(' ')} ${parts.at(-1)}') path='${path}' ;;\n`;
    })
    .join('');
}

function zsh(nodes: readonly Node[]): string {
  const entry = (word: string, about: string): string => quoted(`${word.replaceAll(':', '\\:')}:${about}`);
  const cases = nodes.map(({ path, words, flags }) => {
    const list = [...words.map(({ word, about }) => entry(word, about)), ...flags.map(({ flag, about }) => entry(flag, about))];
    return `    '${path}') entries=(${list.join(' ')}) ;;`;
  });
  return `#compdef sweep
# zsh completion for sweep; put it in a folder of $fpath as _sweep
_sweep() {
  local path_words='' word
  local -a entries
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -* ]] && continue
    case "$path_words $word" in
${depths(nodes).replaceAll(' path=', ' path_words=')}    esac
  done
  case "$path_words" in
${cases.join('\n')}
  esac
  _describe 'sweep' entries || _files
}
compdef _sweep sweep
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, words, flags }) => {
    const when =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    return [
      ...words.map(({ word, about }) => `complete -c sweep -n '${when}' -f -a ${word} -d ${quoted(about)}`),
      ...flags.map(({ flag, about }) => `complete -c sweep -n '${when}' -l ${flag.slice(2)} -d ${quoted(about)}`),
    ];
  });
  return `# fish completion for sweep; put it in ~/.config/fish/completions/sweep.fish\n${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
