#!/bin/bash
# Installs packages on top of an image; what that changes becomes a layer of its own.
# arguments: TARGET LOWER (folders as for lowerdir=) PACKAGE_DIR PACKAGES (comma-separated) CUSTOMIZE (script, run in the image)
set -euo pipefail
target=$1 lower=$2 package_dir=$3 packages=${4//,/ } customize=$5
work=$target.work root=$target.root
# The mounts end with this script's namespace at the latest. Nothing is removed through one of them: a process that a package left
# behind can keep a mount busy, so the folder goes only if it is empty.
trap 'umount -R --lazy "$root" 2>/dev/null || true; rm -rf "$work"; rmdir "$root"' EXIT

mkdir -p "$target" "$work" "$root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$target,workdir=$work" "$root"
mount --bind -o ro "$package_dir" "$root/srv/apt"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
# Devices of its own: whatever happens to them does not happen to this host.
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
while read -r name major minor; do mknod -m 666 "$root/dev/$name" c "$major" "$minor"; done << 'DEVICES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
DEVICES
mkdir "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%:*}" "$root/dev/${stream#*:}"; done

printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
chroot "$root" apt-get -qq update
# shellcheck disable=SC2086 # a list of names
chroot "$root" apt-get -qq --yes -o Dpkg::Options::=--force-unsafe-io --no-install-recommends install $packages < /dev/null
chroot "$root" apt-get -qq clean
printf '%s' "$customize" | chroot "$root" bash -euo pipefail -s
rm -rf "$root"/usr/sbin/policy-rc.d "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/etc/ssh/ssh_host_*
