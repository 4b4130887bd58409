#!/usr/bin/env bash
# Builds and starts the demo. See ./run.sh --help.
set -euo pipefail
cd "$(dirname "$0")"
source eng/install.sh

usage() {
  cat <<'TEXT'
Usage: ./run.sh [--check] [--without-gateway] [--help]

Builds and starts the demo: a gateway with a fresh access key and two app servers that serve the same hub, the chat
sample (ASP.NET Core) and the legacy chat (classic ASP.NET SignalR for .NET Framework, on Mono). On the page of the
mixed room four clients of both generations talk in one room, and either app server can be stopped: with the buttons
there, or here with the keys c and o. Each app server has a page of its own as well. Installs what is missing
(Node.js and its packages, Mono; with --check also Chromium), prints the addresses and the connection string, and
runs until Ctrl+C.

  --check            drive the pages with headless Chromium instead of waiting: people connect, talk, join a group,
                     disconnect and come back, and go on while one app server is stopped. One line a step,
                     screenshots in artifacts/check; the exit code is 0 only if every step held.
  --without-gateway  the chat sample and its page, with the clients on the application itself: to compare.
  --help             this text

Environment: ROOM_PORT (5055), CHAT_PORT (5050), LEGACY_PORT (5051), GATEWAY_PORT (8888).
Logs: artifacts/gateway.log, artifacts/chat.log, artifacts/legacy.log, artifacts/room.log.
TEXT
}

check=''
gateway='with'
for argument in "$@"; do
  case $argument in
    --check) check=yes ;;
    --without-gateway) gateway='' ;;
    --help | -h) usage; exit 0 ;;
    *)
      printf 'run.sh: unknown option: %s\n\n' "$argument" >&2
      usage >&2
      exit 2
      ;;
  esac
done

readonly gateway_port=${GATEWAY_PORT:-8888} chat_port=${CHAT_PORT:-5050} legacy_port=${LEGACY_PORT:-5051} room_port=${ROOM_PORT:-5055}
readonly gateway_url=http://localhost:$gateway_port chat_url=http://localhost:$chat_port legacy_url=http://localhost:$legacy_port room_url=http://localhost:$room_port
readonly gateway_log=artifacts/gateway.log chat_log=artifacts/chat.log legacy_log=artifacts/legacy.log room_log=artifacts/room.log
readonly control=artifacts/control
readonly start_seconds=60 stop_seconds=10
gateway_pid='' chat_pid='' legacy_pid='' room_pid='' check_pid='' connection_string=''

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

main() {
  need_dotnet
  need_command curl curl ca-certificates
  need_npm_packages samples/Chat
  if [ -n "$gateway" ]; then
    need_node
    need_mono
    need_npm_packages samples/LegacyChat
  fi
  if [ -n "$check" ]; then
    need_node
    need_chromium
  fi

  mkdir -p artifacts
  trap stop_all EXIT
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM HUP

  [ -z "$gateway" ] || build src/Gateway
  build samples/Chat
  [ -z "$gateway" ] || build samples/LegacyChat/After
  [ -z "$gateway" ] || start_gateway
  start_chat
  [ -z "$gateway" ] || start_legacy
  [ -z "$gateway" ] || start_room
  if [ -n "$check" ]; then run_check; else serve; fi
}

build() {
  say "Building $1"
  local log
  log=$(dotnet build "$1" -c Release --nologo -v quiet 2>&1) || fail "$1 does not build:
$log"
}

start_gateway() {
  port_is_free "$gateway_port" GATEWAY_PORT
  say "Starting the gateway at $gateway_url"
  dotnet src/Gateway/bin/Release/net10.0/Tandem.Gateway.dll dev --urls "$gateway_url" >"$gateway_log" 2>&1 &
  gateway_pid=$!
  wait_until_answers "the gateway" "$gateway_pid" "$gateway_log" "$gateway_url/health/ready"
  wait_until "the gateway" "$gateway_pid" "$gateway_log" "did not print a connection string" find_connection_string
}

find_connection_string() {
  connection_string=$(grep -m 1 -oE 'Endpoint=[^;[:space:]]+;AccessKey=[^;[:space:]]+;Version=1\.0;' "$gateway_log")
}

start_chat() {
  port_is_free "$chat_port" CHAT_PORT
  say "Starting the chat sample at $chat_url"
  # The content root is where the page and its Node packages are.
  Tandem__ConnectionString=$connection_string Demo__ClassicPage=${gateway:+$legacy_url/} \
    dotnet samples/Chat/bin/Release/net10.0/Tandem.Chat.dll --contentRoot "$PWD/samples/Chat" --urls "$chat_url" >"$chat_log" 2>&1 3<&- &
  chat_pid=$!
  wait_until_answers "the chat sample" "$chat_pid" "$chat_log" "$chat_url/"
}

start_legacy() {
  port_is_free "$legacy_port" LEGACY_PORT
  say "Starting the legacy chat at $legacy_url, on Mono"
  TANDEM_CONNECTION_STRING=$connection_string DEMO_CORE_PAGE=$chat_url/ \
    mono samples/LegacyChat/After/bin/Release/net472/Tandem.LegacyChat.After.exe "$legacy_url" >"$legacy_log" 2>&1 3<&- &
  legacy_pid=$!
  wait_until_answers "the legacy chat" "$legacy_pid" "$legacy_log" "$legacy_url/signalr/hubs"
}

# What stands in front of both app servers. Its page's buttons write to the pipe, which attend reads.
start_room() {
  port_is_free "$room_port" ROOM_PORT
  say "Starting the mixed room at $room_url"
  rm -f "$control"
  mkfifo "$control"
  exec 3<>"$control" # for reading and writing: it never ends
  node samples/Mixed/server.mjs --url "$room_url" --app "core=$chat_url" --app "owin=$legacy_url" --control "$control" >"$room_log" 2>&1 3<&- &
  room_pid=$!
  wait_until_answers "the mixed room" "$room_pid" "$room_log" "$room_url/"
}

serve() {
  say ''
  if [ -n "$gateway" ]; then
    say "  Mixed room         $room_url  (four clients, two app servers)"
  fi
  say "  Page               $chat_url  (open it in two tabs; ?name=Ann sets a name)"
  if [ -n "$gateway" ]; then
    say "  Classic page       $legacy_url  (jQuery, served by the legacy chat on Mono)"
    say "  Gateway            $gateway_url"
    say "  Connection string  $connection_string"
  fi
  say ''
  if [ -n "$gateway" ] && [ -t 0 ]; then say 'c stops or starts the ASP.NET Core app server, o the OWIN one.'; fi
  say 'Ctrl+C ends it all.'

  if [ -n "$gateway" ]; then
    attend
  else
    local code=0
    wait "$chat_pid" || code=$?
    crashed "the chat sample" "$code" "$chat_log"
  fi
}

# attend [PID]: does what the page's buttons and the keys say, until the process ends; without one, for ever.
attend() {
  local wish key
  while [ -z "${1:-}" ] || is_alive "$1"; do
    if read -r -t 0.2 -u 3 wish; then obey "$wish"; fi
    if [ -z "${1:-}" ] && [ -t 0 ] && read -r -s -n 1 -t 0.01 key; then
      case $key in
        c) obey "$([ -n "$chat_pid" ] && echo stop || echo start) core" ;;
        o) obey "$([ -n "$legacy_pid" ] && echo stop || echo start) owin" ;;
      esac
    fi
    still_runs "$gateway_pid" "the gateway" "$gateway_log"
    still_runs "$chat_pid" "the chat sample" "$chat_log"
    still_runs "$legacy_pid" "the legacy chat" "$legacy_log"
    still_runs "$room_pid" "the mixed room" "$room_log"
  done
}

obey() {
  case $1 in
    'stop core') say 'Stopping the ASP.NET Core app server'; stop "$chat_pid"; chat_pid='' ;;
    'stop owin') say 'Stopping the OWIN app server'; stop "$legacy_pid"; legacy_pid='' ;;
    'start core') [ -n "$chat_pid" ] || start_chat ;;
    'start owin') [ -n "$legacy_pid" ] || start_legacy ;;
    *) say "Unknown wish: $1" ;;
  esac
}

# still_runs PID NAME LOG: an empty PID is one that was stopped on purpose.
still_runs() {
  [ -n "$1" ] && ! is_alive "$1" || return 0
  local code=0
  wait "$1" || code=$?
  crashed "$2" "$code" "$3"
}

run_check() {
  local expected=$gateway_url code=0
  [ -n "$gateway" ] || expected=$chat_url
  rm -rf artifacts/check
  node samples/Chat/check/check.mjs --page "$chat_url" ${gateway:+--legacy "$legacy_url" --room "$room_url"} --gateway "$expected" --chromium "$CHROMIUM" --screenshots artifacts/check &
  check_pid=$!
  [ -z "$gateway" ] || attend "$check_pid"
  wait "$check_pid" || code=$?
  check_pid=''
  say 'Screenshots: artifacts/check'
  if [ "$code" -ne 0 ]; then
    [ -z "$gateway" ] || show_tail "$gateway_log"
    show_tail "$chat_log"
    [ -z "$gateway" ] || show_tail "$legacy_log"
    [ -z "$gateway" ] || show_tail "$room_log"
    exit 1
  fi
}

# Fails when somebody listens there already: the demo would talk to a stranger.
port_is_free() {
  if (exec 3<>"/dev/tcp/localhost/$1") 2>/dev/null; then
    fail "port $1 is in use: end the program that listens there, or choose another port with $2=…"
  fi
}

# wait_until_answers NAME PID LOG URL
wait_until_answers() {
  wait_until "$1" "$2" "$3" "did not answer at $4" curl --silent --fail --max-time 2 --output /dev/null "$4"
}

# wait_until NAME PID LOG COMPLAINT COMMAND...: until the command succeeds, the process ends or the time is over.
wait_until() {
  local name=$1 pid=$2 log=$3 complaint=$4 deadline=$((SECONDS + start_seconds)) code=0
  shift 4
  until "$@"; do
    if ! is_alive "$pid"; then
      wait "$pid" || code=$?
      crashed "$name" "$code" "$log"
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      show_tail "$log"
      fail "$name $complaint within $start_seconds s"
    fi
    sleep 0.1
  done
}

is_alive() { kill -0 "$1" 2>/dev/null; }

crashed() {
  show_tail "$3"
  fail "$1 ended by itself with exit code $2"
}

show_tail() {
  printf -- '--- the end of %s:\n' "$1" >&2
  tail -n 25 "$1" >&2
  printf -- '---\n' >&2
}

# Ctrl+C is how the demo is meant to end; a check that is interrupted has not held.
interrupted() {
  trap '' INT TERM HUP
  say ''
  say 'Ending.'
  if [ "$1" -eq 130 ] && [ -z "$check" ]; then exit 0; fi
  exit "$1"
}

stop_all() {
  local code=$?
  trap '' INT TERM HUP
  stop "$check_pid"
  stop "$room_pid"
  rm -f "$control"
  # The app servers first, so that they can take their leave of the gateway.
  stop "$chat_pid"
  stop "$legacy_pid"
  stop "$gateway_pid"
  exit "$code"
}

stop() {
  [ -n "$1" ] && is_alive "$1" || return 0
  kill -TERM "$1" 2>/dev/null || return 0
  local deadline=$((SECONDS + stop_seconds))
  while is_alive "$1"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "Process $1 did not end within $stop_seconds s and is killed."
      kill -KILL "$1" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  wait "$1" 2>/dev/null || true
}

main
