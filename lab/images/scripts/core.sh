#!/bin/bash
# Builds the root file system of a Debian release: systemd, sshd, sudo, and what the official cloud images have in common.
# arguments: TARGET SUITE LOGIN PACKAGES (comma-separated) SOURCE...
#   LOGIN   user to be made, with sudo without password; empty: none, cloud-init makes it
#   SOURCE  one line of sources.list each
set -euo pipefail
target=$1 suite=$2 login=$3 packages=$4
shift 4

# Proxies and clock checks of this host hold for the build too; mmdebstrap itself reads no configuration of the host.
options=()
while IFS= read -r option; do options+=(--aptopt="$option"); done \
  < <(apt-config dump Acquire | grep -E '^Acquire::(Check-Date|Check-Valid-Until|ForceIPv4|ForceIPv6|Retries|https?(::[^:]+)?::Proxy) ' || true)

mmdebstrap --quiet --mode=root --variant=apt --format=directory \
  --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' "${options[@]}" \
  --dpkgopt=force-unsafe-io --include="$packages" "$suite" "$target" "$@"

# What each machine has of its own, and what apt and dpkg were told for the build only.
rm -f "$target"/etc/ssh/ssh_host_* "$target"/etc/hostname "$target"/etc/resolv.conf \
  "$target"/etc/apt/apt.conf.d/99mmdebstrap "$target"/etc/dpkg/dpkg.cfg.d/99mmdebstrap \
  "$target"/etc/apt/sources.list "$target"/etc/apt/sources.list.d/*
: > "$target"/etc/machine-id

mkdir -p "$target"/srv/apt
cat > "$target"/etc/apt/sources.list.d/debian.sources <<'SOURCES'
Types: deb
URIs: file:/srv/apt
Suites: ./
Trusted: yes
SOURCES

# Timers that would take apt's lock at a random moment or look after devices that a container has not.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer console-getty.service; do
  ln -sf /dev/null "$target/etc/systemd/system/$unit"
done

if [ -n "$login" ]; then
  chroot "$target" useradd --create-home --shell /bin/bash "$login"
  echo "$login ALL=(ALL) NOPASSWD:ALL" > "$target/etc/sudoers.d/90-$login"
  chmod 440 "$target/etc/sudoers.d/90-$login"
fi
