#!/bin/sh
# Runs libvirtd with all of its directories inside "$1", in namespaces of its own; further arguments are libvirtd's.
# The daemon's sockets are at "$1/run/libvirt/", reachable from outside. Everything ends with the process that started
# this: the namespaces with `unshare`, and `unshare` with its parent. With SYSTEM it is the libvirtd of the system
# below that directory.
set -eu
if [ "${1:-}" != --inside ]; then
  exec setpriv --pdeathsig KILL \
    unshare --mount --uts --pid --fork --kill-child=SIGKILL --mount-proc sh "$0" --inside "$@"
fi
root=$2
shift 2
mkdir -p "$root/run/libvirt" "$root/run/lock" "$root/lib" "$root/log" "$root/cache"
mount --make-rprivate /
system=${SYSTEM:-}
inside() {
  mkdir -p "$system$2"
  mount --rbind "$1" "$system$2"
}
inside "$root/run" /run
inside "$root/etc" /etc/libvirt
for name in lib log cache; do inside "$root/$name" "/var/$name/libvirt"; done
if [ -n "$system" ]; then
  for place in /dev /proc /sys "$root"; do inside "$place" "$place"; done
  inside "$root/run/lock" /var/lock
  # That system was never set up: this one's users stand in.
  cp /etc/passwd /etc/group "$system/etc/"
fi
[ -f "$root/hostname" ] && hostname "$(cat "$root/hostname")"
# This shell stays: as the namespace's first process it has to reap the guests that libvirtd lets go.
${system:+chroot "$system"} /usr/sbin/libvirtd --config /etc/libvirt/libvirtd.conf "$@" &
wait $!
