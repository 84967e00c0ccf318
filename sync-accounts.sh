#!/usr/bin/env sh
# Copies the accounts to a server over ssh and makes droid2api there pick them up. `--help` tells how.
#
# This file runs on both sides. Here, `main` sends the file itself, a line for each setting and the accounts down one
# ssh connection; there, `serve` does the rest. So a password is asked for once, no path has to survive the quoting of
# whatever shell the login has, and no token is ever in an argument or in a file other than accounts.json.
set -eu

BAD_SETTINGS=2
NO_SSH=3
NOT_READY_HERE=4
NO_CONNECTION=5
NO_SUCH_PATH=6
NOT_READY_THERE=7
MERGE_REFUSED=8
NOT_RUNNING=9
NOT_TOLD=10

COMMAND=dist/accounts-command.js
# Start-up files of a login may print something of their own; what they say comes before this line.
REPLY_FOLLOWS='sync-accounts: the reply follows'

help() {
  cat <<'END'
Usage: ./sync-accounts.sh [--dry-run] [--name NAME]

Copies the accounts of accounts.json to a server over ssh and makes droid2api there pick them up; running streams go
on. Accounts are merged one by one: the newer tokens win, on either side.

  --dry-run    tell what would change, and change nothing on either side
  --name NAME  what droid2api is called on the server: the compose service (app), or the container, pm2 process or
               systemd unit (droid2api)
  --help       this text

Settings, from the environment or from .env beside this script:
  SYNC_SERVER       user@host, an alias of ~/.ssh/config, or ssh://user@host:port
  SYNC_REMOTE_PATH  the directory of droid2api there; not needed with docker
  DEPLOY_TYPE       how it runs there: docker-compose, docker, pm2, systemd or none (the default)
  ACCOUNTS_FILE     the accounts here (./accounts.json)

Status: 0 done, 2 wrong settings, 3 no ssh here, 4 droid2api or accounts missing here, 5 no connection, 6 no such
directory there, 7 droid2api, node or docker missing there, 8 a merge was refused, 9 the container has to run first,
10 the accounts are there but the server could not be told.
END
}

say() {
  printf 'sync-accounts: %s\n' "$*" >&2
}

stop() {
  status=$1
  shift
  say "$@"
  exit "$status"
}

# --- On this machine ---

main() {
  read_options "$@"
  cd "$(dirname "$0")"
  self=./$(basename "$0")
  require_tools
  read_settings
  say 'a login works in one running server only: of two that share it, one is logged out.'
  say "Stop droid2api here before the one on $server serves these accounts, or add separate logins there."
  try_accounts
  send_accounts
  take_reply
  if [ -n "$dry_run" ]; then say 'this was a dry run: nothing was changed.'; else say 'done.'; fi
}

read_options() {
  dry_run='' name=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) help && exit ;;
      --dry-run) dry_run=--dry-run ;;
      --name) shift && name=${1-} && check_name ;;
      --name=*) name=${1#*=} && check_name ;;
      *) stop $BAD_SETTINGS "unknown option $1; --help tells what there is" ;;
    esac
    shift
  done
}

check_name() {
  case $name in
    '' | -* | *[!A-Za-z0-9_.@:-]*)
      stop $BAD_SETTINGS '--name takes the name of a service, container, process or unit'
      ;;
  esac
}

require_tools() {
  command -v ssh >/dev/null || stop $NO_SSH 'there is no ssh on this machine; install the OpenSSH client'
  command -v node >/dev/null || stop $NOT_READY_HERE 'there is no node on this machine: https://nodejs.org'
  [ -d node_modules ] || stop $NOT_READY_HERE 'droid2api is not installed here; run: npm ci'
  [ -f "$COMMAND" ] || node scripts/build-if-stale.mjs >&2 || exit $NOT_READY_HERE
  [ -f "$COMMAND" ] || stop $NOT_READY_HERE "$COMMAND is missing here; run: npm run build"
}

read_settings() {
  settings=$(print_settings SYNC_SERVER SYNC_REMOTE_PATH DEPLOY_TYPE ACCOUNTS_FILE)
  {
    IFS= read -r server
    IFS= read -r path
    IFS= read -r deploy_type
    IFS= read -r accounts_file
  } <<END
$settings
END
  case $server in
    '') stop $BAD_SETTINGS 'SYNC_SERVER is not set: write SYNC_SERVER=user@host into .env beside this script' ;;
    -*) stop $BAD_SETTINGS 'SYNC_SERVER must not begin with a dash' ;;
  esac
  deploy_type=$(printf '%s' "${deploy_type:-none}" | tr '[:upper:]' '[:lower:]')
  case $deploy_type in
    docker-compose) : "${name:=app}" ;;
    docker | pm2 | systemd | none) : "${name:=droid2api}" ;;
    *) stop $BAD_SETTINGS "DEPLOY_TYPE: $deploy_type is not one of docker-compose, docker, pm2, systemd, none" ;;
  esac
  if [ -z "$path" ] && [ "$deploy_type" != docker ]; then
    stop $BAD_SETTINGS 'SYNC_REMOTE_PATH is not set: write the directory of droid2api on the server into .env'
  fi
  accounts_file=$(at_home "${accounts_file:-./accounts.json}")
  [ -f "$accounts_file" ] || stop $NOT_READY_HERE "no accounts here: $accounts_file is missing; npm run add-account"
  [ -r "$accounts_file" ] || stop $NOT_READY_HERE "$accounts_file may not be read by $(id -un)"
}

# Prints settings, each on its line, as the server itself would read them: the environment wins over .env.
print_settings() {
  node - "$@" <<'END'
    const { error } = require('dotenv').config({ quiet: true });
    const fail = (message) => {
      console.error(`sync-accounts: ${message}`);
      process.exit(2);
    };
    if (error && error.code !== 'ENOENT') fail(`.env cannot be read (${error.code})`);
    for (const name of process.argv.slice(2)) {
      const value = (process.env[name] ?? '').trim();
      if (/[\r\n]/.test(value)) fail(`${name} must not hold a line break`);
      console.log(value);
    }
    console.log('end'); // a shell drops the empty lines at the end of what it captures
END
}

at_home() {
  case $1 in
    [~] | [~]/*) printf '%s' "$HOME${1#?}" ;;
    *) printf '%s' "$1" ;;
  esac
}

# Finds out that the accounts here cannot be merged while nothing has been changed anywhere: merged with themselves.
try_accounts() {
  words=$(ACCOUNTS_FILE=$accounts_file node "$COMMAND" merge - --dry-run <"$accounts_file" 2>&1) && return
  printf '%s\n' "$words" >&2
  stop $MERGE_REFUSED "the accounts here cannot be used; nothing was sent to $server"
}

# Leaves the accounts that are newer on the server in `reply`.
send_accounts() {
  # Without a terminal nobody can answer a question. Host keys are checked either way.
  if (: </dev/tty) 2>/dev/null; then batch=''; else batch=-oBatchMode=yes; fi
  # `dd` takes exactly this script from the stream, byte by byte; the rest stays for those who read after it.
  far_shell="exec sh -c 'eval \"\$(dd bs=1 count=$(($(wc -c <"$self"))) 2>/dev/null)\"' sync-accounts --serve"
  say "merging $accounts_file into the accounts on $server"
  status=0
  reply=$(
    {
      cat "$self"
      printf '%s\n' "$path" "$deploy_type" "$name" "$dry_run"
      cat "$accounts_file"
    } 2>/dev/null |
      ssh -T $batch -oConnectTimeout=30 -oServerAliveInterval=15 -oRemoteCommand=none -- "$server" "$far_shell"
  ) || status=$?
  [ $status -ne 255 ] || explain_no_connection
  case $reply in
    *"$REPLY_FOLLOWS"*) reply=${reply#*"$REPLY_FOLLOWS"} ;;
    *) [ $status -ne 0 ] || status=1 ;;
  esac
  case $status in
    0 | "$NOT_TOLD") ;;
    [2-9]) exit "$status" ;;
    *) stop 1 "the shell on $server ended with status $status; its own words, if any, are above" ;;
  esac
}

explain_no_connection() {
  say "ssh could not log in at $server, or lost the connection; its own words are above."
  say "- Host key verification failed: run  ssh $server  by hand once and compare the fingerprint."
  say '- Permission denied: that server does not accept your key; see ssh-copy-id and SYNC_SERVER (user@host).'
  say '- Refused, timed out or not resolved: is the host right, and the port (ssh://user@host:port)?'
  exit $NO_CONNECTION
}

take_reply() {
  say "merging what is newer there into $accounts_file"
  # `printf` is built into the shell, so the tokens are in no process's arguments.
  printf '%s\n' "$reply" | ACCOUNTS_FILE=$accounts_file node "$COMMAND" merge - ${dry_run:+--dry-run} ||
    stop $MERGE_REFUSED "the server has its accounts, but its newer tokens could not be taken over here"
  [ "$status" -eq 0 ] || exit "$status"
}

# --- On the server ---

serve() {
  IFS= read -r path
  IFS= read -r deploy_type
  IFS= read -r name
  IFS= read -r dry_run
  # From here on the merge alone reads the accounts and writes the reply, however curious or talkative the others are.
  exec 3<&0 4>&1 </dev/null >&2
  unset CDPATH
  path=$(at_home "$path")
  if [ "$deploy_type" != docker ]; then
    cd -- "$path" || stop $NO_SUCH_PATH "no such directory on the server, or no right to enter it: $path"
  fi
  prepare
  inside test -f "$COMMAND" || stop $NOT_READY_THERE "$COMMAND is missing there; $rebuild"
  printf '%s\n' "$REPLY_FOLLOWS" >&4
  inside node "$COMMAND" merge - --reply ${dry_run:+--dry-run} <&3 >&4 ||
    stop $MERGE_REFUSED 'the merge on the server was refused; nothing was changed on either side'
  [ -n "$dry_run" ] || pick_up
}

# Finds out how `inside` gets to droid2api, and what to do when it is too old.
prepare() {
  rebuild="build droid2api on the server:  cd \"$path\" && npm ci && npm run build"
  is_running=''
  case $deploy_type in
    docker*)
      find_program docker || exit $NOT_READY_THERE
      rebuild='the image is older than this script; build it again and start it'
      look_at_containers
      ;;
    *) find_program node || exit $NOT_READY_THERE ;;
  esac
}

look_at_containers() {
  containers=$name
  if [ "$deploy_type" = docker-compose ]; then
    if docker compose version >/dev/null 2>&1; then has_plugin=yes; else has_plugin=''; fi
    containers=$(compose ps -q "$name") ||
      stop $NOT_READY_THERE "docker compose cannot be used in $path; its own words are above"
  fi
  for container in $containers; do
    running=$(docker inspect -f '{{.State.Running}}' "$container") || running=''
    [ "$running" != true ] || is_running=yes
  done
  if [ -z "$is_running" ] && [ "$deploy_type" = docker ]; then
    stop $NOT_RUNNING "the container $name does not run, so nothing can be put into it; start it, or see --name"
  fi
}

compose() {
  if [ -n "$has_plugin" ]; then docker compose "$@"; else docker-compose "$@"; fi
}

# Runs a command where droid2api lives.
inside() {
  case $deploy_type in
    docker) docker exec -i "$name" "$@" ;;
    docker-compose)
      if [ -n "$is_running" ]; then compose exec -T "$name" "$@"; else compose run --rm -T --no-deps "$name" "$@"; fi
      ;;
    *) "$@" ;;
  esac
}

# A session without a terminal often has a short PATH: nvm, Homebrew and others set it up for login shells only.
find_program() {
  ! command -v "$1" >/dev/null 2>&1 || return 0
  found=$({ sh -lc "command -v $1" || "${SHELL:-sh}" -lic "command -v $1"; } 2>/dev/null | tail -n 1)
  case $found in
    /*) ;;
    *) say "there is no $1 on the PATH of the server, not even on that of a login shell" && return 1 ;;
  esac
  say "$1 is not on the PATH of this ssh session; using $found, which a login shell finds"
  PATH=$(dirname "$found"):$PATH
}

# Makes the server read its accounts at once; it would notice the new file by itself a little later.
pick_up() {
  case $deploy_type in
    docker-compose)
      [ -n "$is_running" ] || say_not_running
      compose kill -s HUP "$name"
      ;;
    docker) docker kill --signal=HUP "$name" ;;
    pm2) tell_pm2 ;;
    systemd) tell_systemd ;;
    none) say 'a droid2api that runs there notices the change by itself.' && exit ;;
  esac || stop $NOT_TOLD 'the accounts are there, but droid2api could not be told; it should notice the file by itself'
  say 'droid2api was told to read its accounts again; running streams go on.'
}

say_not_running() {
  say "droid2api ($name) is not running on the server; it finds the accounts when it starts."
  exit 0
}

tell_pm2() {
  find_program pm2 || return
  pid=$(pm2 pid "$name" | grep '^[1-9][0-9]*$') || say_not_running
  for one in $pid; do spare_npm "$one"; done
  pm2 sendSignal SIGHUP "$name"
}

tell_systemd() {
  find_program systemctl || return
  systemctl is-active --quiet "$name" || say_not_running
  spare_npm "$(systemctl show --property MainPID --value "$name")"
  hang_up_unit 2>/dev/null || hang_up_unit sudo -n
}

# A unit without ExecReload cannot be reloaded; the signal does the same. `$@` is what it takes to be allowed to.
hang_up_unit() {
  "$@" systemctl --no-ask-password reload "$name" ||
    "$@" systemctl --no-ask-password kill --kill-who=main -s HUP "$name"
}

# npm does not pass a hang-up on but dies of it, and the server with it.
spare_npm() {
  case $(ps -o args= -p "$1" 2>/dev/null) in
    npm* | yarn* | pnpm* | *npm-cli.js*)
      say 'npm stands between the process manager and droid2api, so no signal is sent; it notices the change by itself.'
      exit 0
      ;;
  esac
}

if [ "${1-}" = --serve ]; then serve; else main "$@"; fi
