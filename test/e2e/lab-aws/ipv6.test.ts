import { AwsEmulator, element, refusal } from '../support/aws-emulator';

let aws: AwsEmulator;
beforeAll(async () => {
  aws = await AwsEmulator.start({ timeFactor: 60 });
});
afterAll(() => aws?.stop());

test('an IPv6 prefix is kept by who has a part of it: the subnet by an interface, the VPC by the subnet', async () => {
  const vpc = element((await aws.ec2('CreateVpc', { CidrBlock: '10.7.0.0/24' })).text, 'vpcId');
  const pool = { Ipv6CidrBlock: '2001:db8:25::/56', Ipv6Pool: 'ipv6pool-ec2-0123456789abcdef0' };
  const ofVpc = element((await aws.ec2('AssociateVpcCidrBlock', { VpcId: vpc, ...pool })).text, 'associationId');
  const subnet = await aws.ec2('CreateSubnet', { VpcId: vpc, CidrBlock: '10.7.0.0/24', Ipv6CidrBlock: '2001:db8:25:1::/64' });
  const SubnetId = element(subnet.text, 'subnetId');
  const ofSubnet = element(subnet.text, 'associationId');
  const address = { 'Ipv6Addresses.1.Ipv6Address': '2001:db8:25:1::25' };
  const made = await aws.ec2('CreateNetworkInterface', { SubnetId, ...address });
  const NetworkInterfaceId = element(made.text, 'networkInterfaceId');

  const release = (kind: 'Subnet' | 'Vpc', AssociationId: string) => aws.ec2(`Disassociate${kind}CidrBlock`, { AssociationId });
  const held = await release('Subnet', ofSubnet);
  expect(refusal(held)).toEqual([400, 'InvalidCidrBlock.InUse']);
  expect(held.text).toContain(NetworkInterfaceId);
  await aws.ec2('DeleteNetworkInterface', { NetworkInterfaceId });
  expect(refusal(await release('Vpc', ofVpc))).toEqual([400, 'InvalidCidrBlock.InUse']);
  expect((await release('Subnet', ofSubnet)).status).toBe(200);
  expect((await release('Vpc', ofVpc)).status).toBe(200);
});
