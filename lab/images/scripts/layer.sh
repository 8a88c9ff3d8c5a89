#!/bin/bash
# Installs packages on top of an image; what that changes becomes a layer of its own.
# arguments: TARGET LOWER (folders as for lowerdir=) PACKAGE_DIR PACKAGES (comma-separated) CUSTOMIZE (script, run in the image)
set -euo pipefail
target=$1 lower=$2 package_dir=$3 packages=${4//,/ } customize=$5
work=$target.work root=$target.root
trap 'umount -R "$root" 2>/dev/null || true; rm -rf "$work" "$root"' EXIT

mkdir -p "$target" "$work" "$root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$target,workdir=$work" "$root"
mount --bind "$package_dir" "$root/srv/apt"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind /dev "$root/dev"

printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
chroot "$root" apt-get -qq update
# shellcheck disable=SC2086 # a list of names
chroot "$root" apt-get -qq --yes -o Dpkg::Options::=--force-unsafe-io --no-install-recommends install $packages < /dev/null
chroot "$root" apt-get -qq clean
printf '%s' "$customize" | chroot "$root" bash -euo pipefail -s
rm -rf "$root"/usr/sbin/policy-rc.d "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/etc/ssh/ssh_host_*
