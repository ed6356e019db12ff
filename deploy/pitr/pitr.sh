#!/bin/sh
# pitr.sh setup|backup|check|restore "2026-03-01 10:20:00+08" : WAL archiving and point-in-time recovery with pgBackRest.
# As the system user postgres, on the database's host. CONFIG, STANZA and PGCTL can be set.
set -eu
CONFIG=${CONFIG:-/etc/pgbackrest.conf}
STANZA=${STANZA:-povreg}
rest() { pgbackrest --config="$CONFIG" --stanza="$STANZA" "$@"; }

case "${1:-}" in
setup)   # once, after postgresql.conf has archive_mode on and the server was started anew
    rest stanza-create
    rest check
    ;;
backup)  # full on Sundays, else what changed
    if [ "$(date +%u)" = 7 ] || ! rest info | grep -q 'full backup'; then rest --type=full backup; else rest --type=diff backup; fi
    rest info
    ;;
check)
    rest check
    rest info
    ;;
restore) # stop web, worker and server first; the server is started by hand afterwards and comes up at that moment
    [ -n "${2:-}" ] || { echo 'restore: which moment? e.g. "2026-03-01 10:20:00+08"' >&2; exit 2; }
    rest --delta --type=time "--target=$2" --target-action=promote restore
    ;;
*)
    sed -n 2,3p "$0" >&2
    exit 2
    ;;
esac
