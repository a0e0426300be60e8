/**
 * The script that puts the agent onto a machine which has Node and nothing of ours. Pure.
 *
 * All that it needs to know is written into it: where the controller is, which version it is, and what the archive's checksum must be.
 * So whoever has the script unchanged gets the agent unchanged, whatever stands between.
 */
export interface InstallFacts {
  readonly url: string;
  readonly version: string;
  /** SHA-256 of the archive, hex. */
  readonly sum: string;
  /** Of the certificate that the controller made for itself; null where it has none. */
  readonly fingerprint: string | null;
}

export const archiveName = (version: string): string => `sweep-agent-${version}.tar.gz`;

/** One word of a POSIX shell, whatever the text is. */
const word = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export function installScript({ url, version, sum, fingerprint }: InstallFacts): string {
  return `#!/bin/sh
# Puts the Sweep agent ${version.replace(/[^\w.+-]/g, '')} onto this machine, below the folder SWEEP_AGENT_DIR, and nothing anywhere else.
# With SWEEP_JOIN_TOKEN set it joins and works; further arguments are the agent's.
set -eu
url=${word(url)}
version=${word(version)}
sum=${word(sum)}
fingerprint=${word(fingerprint ?? '')}
${body}`;
}

/** In a function that is called last: half a script, from a connection that broke, does nothing. */
const body = `
fail() { echo "sweep: $*" >&2; exit 1; }

fetch='
const [url, to, wanted] = process.argv.slice(1);
const { get } = require(url.startsWith("https:") ? "https" : "http");
const fail = (why) => { console.error("sweep: " + url + ": " + why); process.exit(1); };
// The checksum proves the content, whoever sent it.
get(url, { rejectUnauthorized: false }, (answer) => {
  if (answer.statusCode !== 200) fail("HTTP status " + answer.statusCode);
  const parts = [];
  answer.on("data", (part) => parts.push(part));
  answer.on("end", () => {
    const bytes = Buffer.concat(parts);
    const found = require("crypto").createHash("sha256").update(bytes).digest("hex");
    console.error("sweep: SHA-256 " + found);
    if (found !== wanted) fail("its checksum is not " + wanted + ": fetch /install.sh again");
    require("fs").writeFileSync(to, bytes, { mode: 0o600 });
  });
}).on("error", (error) => fail(error.message));
'

main() {
  command -v node >/dev/null 2>&1 || fail "Node.js 20 or newer is needed: https://nodejs.org"
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || fail "Node.js 20 or newer is needed, this is $(node --version)"
  dir="\${SWEEP_AGENT_DIR:-\${XDG_DATA_HOME:-$HOME/.local/share}/sweep-agent}"
  umask 077
  mkdir -p "$dir/versions"
  fresh=$(mktemp -d "$dir/versions/.new.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  node -e "$fetch" "$url/agent/sweep-agent-$version.tar.gz" "$fresh/agent.tar.gz" "$sum"
  tar -xzf "$fresh/agent.tar.gz" -C "$fresh"
  rm -f "$fresh/agent.tar.gz"
  rm -rf "$dir/versions/$version"
  mv "$fresh" "$dir/versions/$version"
  trap - EXIT
  rm -f "$dir/sweep-agent.new"
  printf '#!/bin/sh\\nexec node "%s/versions/%s/bundle/main.js" "$@"\\n' "$dir" "$version" > "$dir/sweep-agent.new"
  chmod 700 "$dir/sweep-agent.new"
  mv -f "$dir/sweep-agent.new" "$dir/sweep-agent"
  set -- --url "$url" \${fingerprint:+--fingerprint "$fingerprint"} --workdir "$dir/work" "$@"
  if [ -n "\${SWEEP_JOIN_TOKEN:-}" ] || [ -e "$dir/work/agent.key" ]; then
    echo "sweep: agent $version is in $dir; it starts now" >&2
    exec "$dir/sweep-agent" "$@"
  fi
  echo "sweep: agent $version is in $dir. Start it with the token of \\\`sweep token create\\\`:" >&2
  echo "  SWEEP_JOIN_TOKEN=TOKEN $dir/sweep-agent $*"
}

main "$@"
`;
