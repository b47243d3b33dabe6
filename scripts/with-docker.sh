#!/usr/bin/env bash
# Runs a command beside a Docker engine that has the sandbox image:  scripts/with-docker.sh npm test -- src/sandbox
#
# Where an engine answers already, that one is used, and the image is built on the usual base. Otherwise, as root on Debian or Ubuntu, an engine
# is started for the command alone: no network, no rules in the firewall, its data in a temporary folder; it ends with the command. Its base image
# is made with mmdebstrap from Debian's packages, because such a machine may reach no image registry; CODEVISION_OWN_DOCKER=1 asks for it anyway.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -gt 0 ] || { echo 'Name the command to run: scripts/with-docker.sh COMMAND [ARGUMENT...]' >&2; exit 2; }

cache=${CODEVISION_CACHE:-$HOME/.cache/codevision}
work='' engine=''

stop() {
  # Only the engine that was started here, by its process id.
  if [ -n "$engine" ] && kill "$engine" 2>/dev/null; then
    for _ in $(seq 100); do kill -0 "$engine" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
  fi
  engine=''
  if [ -n "$work" ]; then
    # Deepest first: what an engine that had to be killed left mounted.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
    rm -rf "$work"
  fi
  work=''
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

install_missing() {
  local program package packages=()
  for program in dockerd:docker.io docker:docker.io mmdebstrap:mmdebstrap; do
    package=${program#*:}
    PATH=$PATH:/usr/sbin command -v "${program%%:*}" >/dev/null || packages+=("$package")
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  echo "apt-get install ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # The package must not start a service: the engine used here is our own.
  local policy=/usr/sbin/policy-rc.d made=''
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && made=yes; }
  local rc=0
  { apt-get -qq update && apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${packages[@]}"; } >"$work/apt.log" 2>&1 || rc=$?
  [ -z "$made" ] || rm -f $policy
  [ $rc -eq 0 ] || { tail -n 20 "$work/apt.log" >&2; exit $rc; }
}

start_engine() {
  PATH=$PATH:/usr/sbin dockerd --bridge=none --iptables=false --ip6tables=false --host-gateway-ip=127.0.0.1 \
    --data-root="$work/data" --exec-root="$work/exec" --pidfile="$work/docker.pid" --host="unix://$work/docker.sock" \
    >"$work/dockerd.log" 2>&1 &
  engine=$!
  export DOCKER_HOST="unix://$work/docker.sock"
  for _ in $(seq 300); do
    docker info >/dev/null 2>&1 && return
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.2
  done
  echo 'dockerd did not start:' >&2
  tail -n 20 "$work/dockerd.log" >&2
  exit 1
}

import_base() {
  local tar="$cache/base-bookworm-$(dpkg --print-architecture).tar"
  if [ ! -e "$tar" ]; then
    echo 'making a base image with mmdebstrap'
    mkdir -p "$cache"
    # libstdc++6 is what the wheels of numpy and OpenCV expect of the system.
    mmdebstrap --quiet --format=tar --variant=essential --include=python3.11-minimal,libpython3.11-stdlib,libstdc++6 \
      bookworm "$tar.$$" >"$work/mmdebstrap.log" 2>&1 || { rm -f "$tar.$$"; tail -n 20 "$work/mmdebstrap.log" >&2; exit 1; }
    mv "$tar.$$" "$tar"
  fi
  docker import "$tar" codevision-base:bookworm >/dev/null
}

base=()
if [ -n "${CODEVISION_OWN_DOCKER:-}" ] || ! docker info >/dev/null 2>&1; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo 'No Docker engine answers. Start one (sudo systemctl start docker), or run this as root on Debian or Ubuntu, where it starts its own.' >&2
    exit 1
  fi
  work=$(mktemp -d "${TMPDIR:-/tmp}/codevision-docker.XXXXXX")
  install_missing
  start_engine
  import_base
  base=(--base-image codevision-base:bookworm)
fi
[ -e dist/cli/main.js ] || npm run --silent build
node dist/cli/main.js setup docker "${base[@]}"

"$@"
