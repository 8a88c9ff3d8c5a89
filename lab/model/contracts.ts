/**
 * The lab's inner contracts: what the AWS emulator says there should be (`CloudSnapshot`), and what a machine needs to be
 * booted (`MachineSpec`). Reconciling one into the other is pure; only `lab/machines` and `lab/network` touch the system.
 */

/** Written by the emulator as one JSON line after each call that changed something. */
export interface CloudSnapshot {
  readonly instances: readonly CloudInstance[];
  readonly elasticIps: readonly CloudElasticIp[];
  readonly zones: readonly CloudZone[];
  /** Ids of all volumes that exist, attached or not: the data of any other may go. */
  readonly volumeIds: readonly string[];
}

export interface CloudInstance {
  readonly id: string;
  /** EC2's names: pending, running, stopping, stopped, shutting-down, terminated. */
  readonly state: string;
  /** Name of the AMI, e.g. `debian-13-amd64-20260801-2000`; the lab's image follows from it. */
  readonly imageName: string;
  readonly privateIpv4: string;
  readonly ipv6: readonly string[];
  readonly vpcId: string;
  readonly subnetCidr: string;
  readonly subnetIpv6Cidr?: string;
  /** OpenSSH public keys of the key pair. */
  readonly publicKeys: readonly string[];
  /** Decoded user data, empty when there is none. */
  readonly userData: string;
  readonly volumes: readonly CloudVolume[];
  /** Its security groups together. */
  readonly firewall: CloudFirewall;
}

/** What a machine may be sent and may send; answers to that are always let through, everything else never. */
export interface CloudFirewall {
  readonly ingress: readonly CloudFirewallRule[];
  readonly egress: readonly CloudFirewallRule[];
}

export interface CloudFirewallRule {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, another protocol's number, or `-1` for all. */
  readonly protocol: string;
  /** Ports, or ICMP's type and code; absent: all. */
  readonly from?: number;
  readonly to?: number;
  /** The other side, of both families; groups and prefix lists are resolved. */
  readonly networks: readonly string[];
}

export interface CloudVolume {
  readonly id: string;
  readonly sizeGiB: number;
  /** The device name of the attachment, e.g. `/dev/sdf`. */
  readonly device: string;
  /** The instance is one on Xen: the machine sees no serial number, but a device whose name follows from that of the attachment. */
  readonly onXen?: true;
}

export interface CloudElasticIp {
  readonly publicIpv4: string;
  /** Private address that it is mapped to, when associated. */
  readonly privateIpv4?: string;
  readonly vpcId?: string;
  /** Host name of the reverse record, with the final dot. */
  readonly ptr?: string;
}

export interface CloudZone {
  /** Route 53's; absent for zones that are not a customer's of the cloud. Several zones of the cloud may have one name. */
  readonly id?: string;
  readonly name: string;
  readonly records: readonly {
    readonly name: string;
    readonly type: string;
    readonly ttl: number;
    readonly values: readonly string[];
  }[];
}

/** A Debian machine: systemd, sshd, its own network namespace. */
export interface MachineSpec {
  readonly name: string;
  /** `debian-13`, `debian-12` or a layer on top of one, e.g. `world`. */
  readonly image: string;
  readonly hostName: string;
  /** The switch (network namespace and bridge) the machine is plugged into. */
  readonly network: string;
  /** With prefix length, e.g. `10.77.0.25/24`. */
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  readonly nameServers: readonly string[];
  /** Handed to cloud-init as a NoCloud seed when present; otherwise root's authorized keys are written directly. */
  readonly cloudInit?: { readonly instanceId: string; readonly userData: string };
  readonly publicKeys: readonly string[];
  readonly volumes: readonly CloudVolume[];
}
