import type { CloudInstance, CloudSnapshot } from '../../../lab/model/contracts';
import { type Current, machineSpec, plan, vpcNetworks } from '../../../lab/supervisor/plan';

const volume = { id: 'vol-1', sizeGiB: 10, device: '/dev/sdf' };

const instance = (values: Partial<CloudInstance> = {}): CloudInstance => ({
  id: 'i-1',
  state: 'running',
  imageName: 'debian-13-amd64-20260801-2559',
  privateIpv4: '172.31.0.4',
  ipv6: [],
  vpcId: 'vpc-1',
  subnetCidr: '172.31.0.0/20',
  publicKeys: ['ssh-ed25519 AAAA'],
  userData: '#cloud-config\n',
  volumes: [],
  firewall: { ingress: [], egress: [] },
  ...values,
});

const cloud = (instances: CloudInstance[], values: Partial<CloudSnapshot> = {}): CloudSnapshot => ({
  instances,
  elasticIps: [],
  zones: [],
  volumeIds: [],
  ...values,
});

const here = (values: Partial<CloudInstance>, running: boolean): Current => ({
  machines: [{ spec: machineSpec(instance(values)), running }],
  volumes: [],
});

const nothing: Current = { machines: [], volumes: [] };

describe('the plan of the machines', () => {
  it.each(['pending', 'running'])('boots an instance that is %s', (state) => {
    expect(plan(cloud([instance({ state })]), nothing)).toEqual([{ kind: 'boot', spec: machineSpec(instance()) }]);
  });

  it.each(['stopping', 'stopped', 'shutting-down', 'terminated'])('does not boot an instance that is %s', (state) => {
    expect(plan(cloud([instance({ state })]), nothing)).toEqual([]);
  });

  it('does nothing when a machine runs as it should', () => {
    expect(plan(cloud([instance()]), here({}, true))).toEqual([]);
  });

  it.each(['stopping', 'stopped'])('halts the machine of an instance that is %s', (state) => {
    expect(plan(cloud([instance({ state })]), here({}, true))).toEqual([{ kind: 'halt', machine: 'i-1' }]);
  });

  it('leaves a halted machine of a stopped instance alone', () => {
    expect(plan(cloud([instance({ state: 'stopped' })]), here({}, false))).toEqual([]);
  });

  it('boots a halted machine again', () => {
    expect(plan(cloud([instance()]), here({}, false))).toMatchObject([{ kind: 'boot', spec: { name: 'i-1' } }]);
  });

  it.each(['shutting-down', 'terminated'])('removes the machine of an instance that is %s, running or not', (state) => {
    const expected = [{ kind: 'remove', machine: 'i-1' }];
    expect(plan(cloud([instance({ state })]), here({}, true))).toEqual(expected);
    expect(plan(cloud([instance({ state })]), here({}, false))).toEqual(expected);
  });

  it('removes a machine that the cloud has forgotten', () => {
    expect(plan(cloud([]), here({}, true))).toEqual([{ kind: 'remove', machine: 'i-1' }]);
  });

  it('attaches a volume to a running machine, and to a halted one', () => {
    const snapshot = (state: string) => cloud([instance({ state, volumes: [volume] })], { volumeIds: ['vol-1'] });
    const expected = [{ kind: 'volumes', machine: 'i-1', volumes: [volume] }];
    expect(plan(snapshot('running'), here({}, true))).toEqual(expected);
    expect(plan(snapshot('stopped'), here({}, false))).toEqual(expected);
  });

  it('detaches a volume, and keeps its data while it exists', () => {
    const current: Current = { ...here({ volumes: [volume] }, true), volumes: ['vol-1'] };
    expect(plan(cloud([instance()], { volumeIds: ['vol-1'] }), current)).toEqual([
      { kind: 'volumes', machine: 'i-1', volumes: [] },
    ]);
  });

  it('removes the data of a volume that was deleted', () => {
    expect(plan(cloud([]), { machines: [], volumes: ['vol-1'] })).toEqual([{ kind: 'remove volume', volume: 'vol-1' }]);
  });

  it('notices a volume that has grown', () => {
    const grown = { ...volume, sizeGiB: 20 };
    const snapshot = cloud([instance({ volumes: [grown] })], { volumeIds: ['vol-1'] });
    expect(plan(snapshot, here({ volumes: [volume] }, true))).toEqual([{ kind: 'volumes', machine: 'i-1', volumes: [grown] }]);
  });

  it('gives a running machine the addresses that its instance has got or lost', () => {
    const ipv6 = { ipv6: ['2001:db8:25:1::25'], subnetIpv6Cidr: '2001:db8:25:1::/64' };
    const actions = plan(cloud([instance(ipv6)]), here({}, true));
    expect(actions).toEqual([{ kind: 'addresses', spec: machineSpec(instance(ipv6)) }]);
    expect(plan(cloud([instance()]), here(ipv6, true))).toMatchObject([
      { kind: 'addresses', spec: { addresses: ['172.31.0.4/20'] } },
    ]);
    expect(plan(cloud([instance({ ...ipv6, state: 'stopped' })]), here({}, false))).toEqual([]);
  });

  it('replaces one instance by another in one go', () => {
    const snapshot = cloud([instance({ state: 'terminated' }), instance({ id: 'i-2', privateIpv4: '172.31.0.5' })]);
    expect(plan(snapshot, here({}, true)).map(({ kind }) => kind)).toEqual(['remove', 'boot']);
  });
});

describe('the machine of an instance', () => {
  it('has the address, gateway, resolver and user data of EC2', () => {
    expect(machineSpec(instance())).toMatchObject({
      name: 'i-1',
      image: 'debian-13',
      hostName: 'ip-172-31-0-4.eu-central-1.compute.internal',
      addresses: ['172.31.0.4/20'],
      gateways: ['172.31.0.1'],
      nameServers: ['169.254.169.253'],
      cloudInit: { instanceId: 'i-1', userData: '#cloud-config\n' },
    });
  });

  it('has its IPv6 address where the subnet has a block', () => {
    const spec = machineSpec(instance({ ipv6: ['2001:db8:25:1::25'], subnetIpv6Cidr: '2001:db8:25:1::/64' }));
    expect(spec.addresses).toEqual(['172.31.0.4/20', '2001:db8:25:1::25/64']);
    expect(spec.gateways).toEqual(['172.31.0.1', '2001:db8:25:1::1']);
  });
});

describe('the networks', () => {
  it('are the VPCs with instances, with the Elastic IPs that are associated there', () => {
    const elasticIps = [
      { publicIpv4: '198.51.100.25', privateIpv4: '172.31.0.4', vpcId: 'vpc-1' },
      { publicIpv4: '198.51.100.26' },
    ];
    const snapshot = cloud([instance(), instance({ id: 'i-2', privateIpv4: '172.31.0.9' })], { elasticIps });
    expect(vpcNetworks(snapshot)).toEqual([
      {
        vpcId: 'vpc-1',
        subnets: [{ cidr: '172.31.0.0/20' }],
        elasticIps: [{ publicIpv4: '198.51.100.25', privateIpv4: '172.31.0.4' }],
        resolver: '198.51.100.8',
        firewalls: [
          { addresses: ['172.31.0.4'], ingress: [], egress: [] },
          { addresses: ['172.31.0.9'], ingress: [], egress: [] },
        ],
        outboundPort25Blocked: false,
      },
    ]);
  });

  it('go with their last instance', () => {
    expect(vpcNetworks(cloud([instance({ state: 'terminated' })]))).toEqual([]);
  });
});
