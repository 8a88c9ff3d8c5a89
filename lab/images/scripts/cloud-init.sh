# shellcheck shell=bash
# Settings of the official Debian image for AWS, with the seed folder as the only data source.
cat > /etc/cloud/cloud.cfg.d/90_lab.cfg <<'CFG'
datasource_list: [NoCloud]
# The network is configured from outside, before the first process starts.
network: {config: disabled}
apt: {preserve_sources_list: true}
system_info:
  default_user:
    name: admin
    gecos: Debian
    shell: /bin/bash
    lock_passwd: true
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    groups: [adm, audio, cdrom, dialout, dip, floppy, plugdev, sudo, video]
CFG
