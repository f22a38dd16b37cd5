#!/usr/bin/env bash
# Backups of Matjip's Postgres, and back. DATABASE_URL names it (not a pooler); the tools are Postgres' own and of its version or later.
#
#   backup.sh dump FOLDER          one file with everything: FOLDER/dump-TIME.pgdump and its .sha256
#   backup.sh restore FILE         into the empty database that DATABASE_URL names
#   backup.sh base FOLDER          the whole cluster, verified: FOLDER/base-TIME; with the log since then, any moment can be had again
#   backup.sh wal FOLDER PATH NAME archive_command = '/opt/matjip/deploy/backup.sh wal /backup %p %f'
#   backup.sh rewind FOLDER BASE DATA [TIME]   makes the new data folder DATA from a base and the log, as it was at TIME or at the end;
#                                  then start Postgres on it
#   backup.sh prune FOLDER DAYS    removes what is older, but never the newest dump and base, nor the log since the oldest base kept
#
# Nothing has its name before it is whole and on the disk. Exit codes: 0, 1 failed, 2 wrong use.
set -euo pipefail

usage() { sed -n '4,11s/^# \{0,3\}//p' "$0" >&2; exit 2; }
fail() { echo "backup.sh: $*" >&2; exit 1; }
stamp() { date -u +%Y%m%dT%H%M%SZ; }

dump() {
  local file; file="$1/dump-$(stamp).pgdump"
  mkdir -p "$1"
  pg_dump --dbname="$DATABASE_URL" --format=custom --no-owner --no-privileges --file="$file.part"
  pg_restore --list "$file.part" > /dev/null
  (cd "$1" && sha256sum "$(basename "$file.part")" | sed 's/\.part$//' > "$file.sha256")
  sync "$file.part" "$file.sha256"
  mv "$file.part" "$file"
  echo "$file"
}

restore() {
  [ -f "$1" ] || fail "there is no file $1"
  (cd "$(dirname "$1")" && sha256sum --check --quiet "$(basename "$1").sha256") || fail "$1 is not what was written"
  local tables
  tables=$(psql --dbname="$DATABASE_URL" --no-psqlrc --tuples-only --no-align \
    --command="SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")
  [ "$tables" = 0 ] || fail "the database has $tables tables already: restore into an empty one"
  pg_restore --dbname="$DATABASE_URL" --no-owner --no-privileges --exit-on-error --single-transaction "$1"
  psql --dbname="$DATABASE_URL" --no-psqlrc --quiet --command=ANALYZE
}

base() {
  local folder; folder="$1/base-$(stamp)"
  mkdir -p "$1"
  pg_basebackup --dbname="$DATABASE_URL" --pgdata="$folder.part" --wal-method=stream --checkpoint=fast
  pg_verifybackup --quiet "$folder.part"
  mv "$folder.part" "$folder"
  echo "$folder"
}

# Postgres asks again until this says 0; a file that is there already is the same one, or the archive is another cluster's.
wal() {
  local to="$1/wal/$3"
  mkdir -p "$1/wal"
  if [ -f "$to" ]; then cmp --silent "$2" "$to" || fail "$to is another one"; return; fi
  cp "$2" "$to.part"
  sync "$to.part"
  mv "$to.part" "$to"
}

rewind() {
  local folder; folder=$(cd "$1" && pwd)
  [ -d "$2" ] || fail "there is no base $2"
  [ ! -e "$3" ] || fail "$3 is there already"
  cp -a "$2" "$3"
  {
    echo "restore_command = 'cp \"$folder/wal/%f\" \"%p\"'"
    echo "recovery_target_action = 'promote'"
    if [ -n "${4:-}" ]; then echo "recovery_target_time = '$4'"; fi
  } >> "$3/postgresql.auto.conf"
  touch "$3/recovery.signal"
}

prune() {
  [[ $2 =~ ^[0-9]+$ ]] || usage
  local newest kept
  newest=$(find "$1" -maxdepth 1 -name 'dump-*.pgdump' | sort | tail -n 1)
  find "$1" -maxdepth 1 -name 'dump-*.pgdump' -mtime "+$2" ! -path "${newest:-none}" -exec rm -f {} {}.sha256 \;
  newest=$(find "$1" -maxdepth 1 -type d -name 'base-*Z' | sort | tail -n 1)
  find "$1" -maxdepth 1 -type d -name 'base-*Z' -mtime "+$2" ! -path "${newest:-none}" -exec rm -rf {} +
  kept=$(find "$1" -maxdepth 1 -type d -name 'base-*Z' | sort | head -n 1)
  if [ -n "$kept" ] && [ -d "$1/wal" ]; then
    pg_archivecleanup "$1/wal" "$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$kept/backup_label")"
  fi
}

command=${1:-}
case "$command/$#" in
  dump/2 | base/2 | prune/3 | wal/4 | restore/2) ;;
  rewind/4 | rewind/5) ;;
  *) usage ;;
esac
case "$command" in
  dump | base | restore) [ -n "${DATABASE_URL:-}" ] || fail 'DATABASE_URL is not set' ;;
esac
shift
"$command" "$@"
