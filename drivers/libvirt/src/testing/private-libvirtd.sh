#!/bin/sh
# Runs libvirtd with all of its directories inside "$1", in namespaces of its own; further arguments are libvirtd's.
# The daemon's sockets are at "$1/run/libvirt/", reachable from outside. Everything ends with the process that started
# this: the namespaces with `unshare`, and `unshare` with its parent.
set -eu
if [ "${1:-}" != --inside ]; then
  exec setpriv --pdeathsig KILL \
    unshare --mount --uts --pid --fork --kill-child=SIGKILL --mount-proc sh "$0" --inside "$@"
fi
root=$2
shift 2
mkdir -p "$root/run/libvirt" "$root/run/lock" "$root/lib" "$root/log" "$root/cache"
mount --make-rprivate /
mount --bind "$root/run" /run
mount --bind "$root/etc" /etc/libvirt
for name in lib log cache; do
  mkdir -p "/var/$name/libvirt"
  mount --bind "$root/$name" "/var/$name/libvirt"
done
[ -f "$root/hostname" ] && hostname "$(cat "$root/hostname")"
# This shell stays: as the namespace's first process it has to reap the guests that libvirtd lets go.
/usr/sbin/libvirtd --config /etc/libvirt/libvirtd.conf "$@" &
wait $!
