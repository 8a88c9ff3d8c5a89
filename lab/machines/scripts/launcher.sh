#!/bin/bash
# Runs one machine, and again after each reboot of it, until it powers off. It has a mount namespace of its own, in which alone
# the disk is mounted: no mount outlives it.
# arguments: FOLDER NAME LAYERS (lowerdir=) NETWORK_NAMESPACE CGROUP CGROUP_ROOT PACKAGE_DIR SUPPRESS_SYNC (yes or no)
set -euo pipefail
folder=$1 name=$2 layers=$3 namespace=$4 cgroup=$5 cgroup_root=$6 package_dir=$7 suppress_sync=$8
cd /

mkdir -p "$cgroup/launcher"
echo $$ > "$cgroup/launcher/cgroup.procs"
mount -t overlay overlay -o "lowerdir=$layers,upperdir=$folder/disk,workdir=$folder/work" "$folder/root"

# systemd-nspawn keeps sockets and mount points of its machines here, which nobody would remove after a crash.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=755 tmpfs /run/systemd/nspawn

# A machine sees cgroup2 alone, also where this host also has version 1.
if [ "$cgroup_root" != /sys/fs/cgroup ]; then
  umount -R /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  cgroup=/sys/fs/cgroup${cgroup#"$cgroup_root"}
fi

while [ ! -e "$folder/stay-off" ]; do
  # A fresh cgroup for each boot: a used one has controllers enabled and takes no process any more.
  [ -d "$cgroup/nspawn" ] && find "$cgroup/nspawn" -depth -type d -exec rmdir {} +
  mkdir "$cgroup/nspawn"
  mapfile -t options < "$folder/nspawn-options"
  code=0
  (
    echo "$BASHPID" > "$cgroup/nspawn/cgroup.procs"
    # The network is the machine's own, so it may have rules of its own in it, as on EC2.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --boot --directory="$folder/root" --machine="$name" \
      --capability=CAP_NET_ADMIN \
      --register=no --keep-unit --network-namespace-path="/run/netns/$namespace" --console=read-only --link-journal=no \
      --resolv-conf=off --timezone=off --suppress-sync="$suppress_sync" --bind-ro="$package_dir:/srv/apt" "${options[@]}"
  ) || code=$?
  # What systemd-nspawn ends with when the machine asked for a reboot and no unit of the host would start it again.
  [ "$code" = 133 ] || break
done
exit "$code"
