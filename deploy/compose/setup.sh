#!/bin/sh
# Makes what must not be in any file of the repository: passwords, and a certificate for the name that others call this machine by.
# ./setup.sh NAME [FOLDER]. What is there already stays as it is; put your own cert.pem and key.pem into FOLDER (secrets) before, to use those.
set -eu
fail() { echo "setup: $*" >&2; exit 1; }

main() {
  [ $# -ge 1 ] || fail "say by which name others reach this machine: ./setup.sh sweeps.example.org"
  name=$1
  printf '%s' "$name" | grep -Eq '^[A-Za-z0-9.-]+$' || fail "$name is not a host name or an IPv4 address"
  folder=${2:-$(dirname "$0")/secrets}
  umask 077
  mkdir -p "$folder"
  [ -e "$folder/postgres" ] || random > "$folder/postgres"
  [ -e "$folder/redis" ] || random > "$folder/redis"
  cat > "$folder/redis.conf" <<CONF
requirepass $(cat "$folder/redis")
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
dir /data
CONF
  cat > "$folder/controller.env" <<ENV
SWEEP_DATABASE_URL=postgres://sweep:$(cat "$folder/postgres")@postgres/sweep
SWEEP_REDIS_URL=redis://:$(cat "$folder/redis")@redis:6379
SWEEP_PUBLIC_URL=https://$name:8420
ENV
  if [ ! -e "$folder/cert.pem" ]; then
    case $name in *[!0-9.]*) alternative="DNS:$name" ;; *) alternative="IP:$name" ;; esac
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$name" -addext "subjectAltName=$alternative" \
      -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
  fi
  # Read inside the containers by users that the host does not know; the folder itself is its owner's alone.
  chmod 644 "$folder/cert.pem" "$folder/key.pem" "$folder/redis.conf" "$folder/postgres"
  openssl x509 -in "$folder/cert.pem" -noout -fingerprint -sha256 | sed 's/.*=/agents and people trust it by --fingerprint /'
}

random() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }

main "$@"
