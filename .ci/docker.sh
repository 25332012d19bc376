#!/usr/bin/env bash
# docker.sh up|base|down DIR: as root. A Docker daemon whose whole state lies in DIR, and a base image without a registry.
set -euo pipefail
dir=${2:?usage: docker.sh up|base|down DIR}
mkdir -p "$dir"

up() {
  if docker version >/dev/null 2>&1; then
    echo "a Docker daemon runs already: using it"
    return
  fi
  mkdir -p "$dir/data" "$dir/exec"
  setsid dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/dockerd.pid" \
    -H unix:///var/run/docker.sock >"$dir/dockerd.log" 2>&1 </dev/null &
  local pid=$!
  echo "$pid" >"$dir/ours"
  for _ in $(seq 300); do
    docker version >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "dockerd did not come up; the end of its log:" >&2
  tail -n 30 "$dir/dockerd.log" >&2
  return 1
}

# Debian with Python 3.11, as flowpact/base:bookworm, with the host's own certificates (a proxy that inspects TLS).
base() {
  if docker image inspect flowpact/base:bookworm >/dev/null 2>&1; then
    echo "flowpact/base:bookworm is there already"
    return
  fi
  local root="$dir/rootfs"
  rm -rf "$root"
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$root" >"$dir/debootstrap.log" 2>&1 ||
    { tail -n 30 "$dir/debootstrap.log" >&2; return 1; }
  [ ! -s /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info}/*
  tar -C "$root" --numeric-owner --exclude='./dev/*' -c . | docker import - flowpact/base:bookworm
  rm -rf "$root"
}

# Only the daemon that `up` started, by its pid; then its mount, bridge and rules.
down() {
  [ -s "$dir/ours" ] || return 0
  local pid
  pid=$(cat "$dir/ours")
  docker ps -aq --filter label=org.testcontainers=true | xargs -r docker rm -f >/dev/null || true
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$dir/ours"
  umount "$dir/exec/netns/default" 2>/dev/null || true
  ip link del docker0 2>/dev/null || true
  drop_rules 2>/dev/null || true
}

drop_rules() {
  local table flag chain rule
  for table in nat filter; do
    iptables-save -t "$table" | grep -E '^-A (PREROUTING|OUTPUT|POSTROUTING|FORWARD) .*(-j DOCKER|docker0)' | sed 's/^-A/-D/' |
      while read -r rule; do
        # shellcheck disable=SC2086 # a rule is several words
        iptables -t "$table" $rule
      done || true
    for flag in F X; do
      for chain in DOCKER DOCKER-USER DOCKER-ISOLATION-STAGE-1 DOCKER-ISOLATION-STAGE-2; do iptables -t "$table" "-$flag" "$chain" || true; done
    done
  done
  iptables -P FORWARD ACCEPT
}

case $1 in
  up | base | down) "$1" ;;
  *) echo "usage: docker.sh up|base|down DIR" >&2; exit 2 ;;
esac
