import type { CloudSnapshot } from '../../../lab/model/contracts';
import { subjectOf } from '../../../lab/proof/subject';

const role = (values: object) => ({
  address: 'mailserver_role.mail',
  type: 'mailserver_role',
  values: { helo_name: 'mail.example.com', ...values },
});

const snapshot: CloudSnapshot = {
  instances: [
    {
      id: 'i-1',
      state: 'running',
      imageName: 'debian-13-amd64-1',
      privateIpv4: '172.31.0.4',
      ipv6: [],
      vpcId: 'vpc-1',
      subnetCidr: '172.31.0.0/20',
      publicKeys: [],
      userData: '',
      volumes: [],
      firewall: { ingress: [], egress: [] },
    },
  ],
  elasticIps: [
    { publicIpv4: '198.51.100.30' },
    { publicIpv4: '198.51.100.25', privateIpv4: '172.31.0.4', vpcId: 'vpc-1', ptr: 'mail.example.com.' },
  ],
  zones: [{ name: 'example.com.', records: [{ name: 'mail.example.com.', type: 'A', ttl: 60, values: ['198.51.100.25'] }] }],
  volumeIds: [],
};

describe('the deployed mail host', () => {
  it('is found from the state and the cloud', () => {
    const domains = { 'example.org': { relay_to: 'smtp:x' }, 'example.com': { deliver_to: 'webapp' } };
    expect(subjectOf([role({ domains, antivirus: true, greylist_delay_seconds: 5 })], snapshot)).toEqual({
      machine: 'i-1',
      address: '198.51.100.25',
      heloName: 'mail.example.com',
      domain: 'example.com',
      serviceUser: 'webapp',
      antivirus: true,
      greylistDelay: 5,
    });
  });

  it('is missed without a role', () => {
    expect(() => subjectOf([], snapshot)).toThrow(/no mailserver_role/);
  });

  it('is missed without an instance at its address', () => {
    expect(() => subjectOf([role({})], { ...snapshot, instances: [] })).toThrow(
      'no running instance has the address of "mail.example.com"',
    );
  });

  it('needs a domain that is delivered to a service user', () => {
    expect(() => subjectOf([role({ domains: {} })], snapshot)).toThrow(/no domain of mailserver_role\.mail is delivered/);
  });
});
