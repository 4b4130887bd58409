# Sourced by run.sh and test.sh: installs what they need and this machine lacks, one line for each thing it does,
# nothing at all when everything is there. Ends the script with a message that names the command to run by hand
# when it cannot.

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# need_dotnet: the one thing that must be there before.
need_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: 'dotnet' is not on the PATH (https://dotnet.microsoft.com/download/dotnet/10.0)"
  # From the top folder, where global.json says which versions will do.
  local version
  version=$(dotnet --version 2>&1) || fail "no .NET 10 SDK was found (https://dotnet.microsoft.com/download/dotnet/10.0); 'dotnet --version' says: $version"
  case $version in
    10.*) ;;
    *) fail "the .NET 10 SDK is needed, 'dotnet --version' says $version" ;;
  esac
}

# need_command COMMAND PACKAGE...: installs Debian's packages unless the command is on the PATH.
need_command() {
  local command=$1
  shift
  command -v "$command" >/dev/null || install_packages "$@"
  hash -r
  command -v "$command" >/dev/null || fail "'$command' is still missing after installing $*"
}

need_node() {
  need_command node nodejs npm
  need_command npm npm
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 18 ] || fail "Node.js 18 or newer is needed, 'node --version' says $(node --version)"
}

# need_mono: runs what is built for .NET Framework. mono-runtime is not enough: netstandard.dll, which most packages of today refer to, is
# one of the facades of mono-devel.
need_mono() {
  local facade
  for facade in /usr/lib/mono/4.5/Facades/netstandard.dll /Library/Frameworks/Mono.framework/Versions/Current/lib/mono/4.5/Facades/netstandard.dll; do
    if [ -f "$facade" ] && command -v mono >/dev/null; then return; fi
  done
  install_packages mono-runtime mono-devel
  hash -r
  command -v mono >/dev/null || fail "'mono' is still missing after installing mono-runtime and mono-devel"
}

# need_npm_packages FOLDER: what its package-lock.json lists, into FOLDER/node_modules.
need_npm_packages() {
  local folder=$1 stamp=$1/node_modules/.installed-from wanted
  wanted=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
  need_node
  say "Installing Node packages of $folder (npm ci)"
  local log
  log=$(cd "$folder" && npm ci --no-audit --no-fund --loglevel=error 2>&1) || fail "npm ci failed in $folder:
$log"
  printf '%s\n' "$wanted" > "$stamp"
}

# need_chromium: sets CHROMIUM to the browser's path.
need_chromium() {
  CHROMIUM=$(command -v chromium || command -v chromium-browser || true)
  if [ -n "$CHROMIUM" ]; then return; fi
  need_command chromium chromium
  CHROMIUM=$(command -v chromium)
}

# need_firefox: sets FIREFOX to the browser's path.
need_firefox() {
  FIREFOX=$(command -v firefox-esr || command -v firefox || true)
  if [ -n "$FIREFOX" ]; then return; fi
  need_command firefox-esr firefox-esr
  FIREFOX=$(command -v firefox-esr)
}

install_packages() {
  local prefix=()
  local by_hand="apt-get update && apt-get install -y --no-install-recommends $*"
  command -v apt-get >/dev/null || fail "$* missing, and there is no apt-get here: install it with this system's package manager"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "$* missing; as root, run: $by_hand"
    prefix=(sudo)
  fi

  local log
  log=$(mktemp)
  if [ -z "${APT_UPDATED:-}" ]; then
    say "Updating the package lists (apt-get update)"
    "${prefix[@]}" apt-get update >"$log" 2>&1 || apt_failed "$log" "$by_hand"
    APT_UPDATED=1
  fi
  say "Installing $* (apt-get install)"
  "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 || apt_failed "$log" "$by_hand"
  rm -f "$log"
}

apt_failed() {
  tail -n 20 "$1" >&2
  rm -f "$1"
  fail "apt-get failed; as root, run: $2"
}
