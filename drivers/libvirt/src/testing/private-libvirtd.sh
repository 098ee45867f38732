#!/bin/sh
# Runs libvirtd with all of its directories inside "$1", in the mount namespace that the caller made.
# The daemon's sockets are at "$1/run/libvirt/", reachable from outside the namespace.
set -eu
root=$1
mkdir -p "$root/run/libvirt" "$root/lib" "$root/log" "$root/cache"
mount --make-rprivate /
mount --bind "$root/run" /run
mount --bind "$root/etc" /etc/libvirt
for name in lib log cache; do
  [ -d "/var/$name/libvirt" ] && mount --bind "$root/$name" "/var/$name/libvirt"
done
[ -f "$root/hostname" ] && hostname "$(cat "$root/hostname")"
shift
exec /usr/sbin/libvirtd --config /etc/libvirt/libvirtd.conf "$@"
