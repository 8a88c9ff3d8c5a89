/**
 * Another cloud: a class with the members of `IMailHost` is all that `MailServer` needs. This one rents a machine from Hetzner Cloud
 * with the provider hetznercloud/hcloud. It uses cdktf's generic resource, so that it runs without generated bindings; with
 * `cdktf get`, use the classes that it generates.
 */
import { App, type ITerraformDependable, LocalBackend, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import { type ConnectionProps, ExternalDns, type IMailHost, MailServer, type ReverseName } from 'cdktf-mailserver';
import { Construct } from 'constructs';

class HetznerProvider extends TerraformProvider {}

interface HetznerHostProps {
  /** Name of an SSH key that is registered in the project. */
  readonly sshKeyName: string;
  /** @default cx32 */
  readonly serverType?: string;
}

class HetznerHost extends Construct implements IMailHost {
  readonly publicIpv4: string;
  readonly publicIpv6: string;
  readonly instanceId: string;
  readonly machineType: string;
  readonly stateVolumeId: string;
  readonly connection: ConnectionProps;
  readonly reachableAfter: readonly ITerraformDependable[];
  readonly goesWithStack = true;
  private readonly server: TerraformResource;

  constructor(scope: Construct, id: string, { sshKeyName, serverType = 'cx32' }: HetznerHostProps) {
    super(scope, id);
    this.server = this.resource('Server', 'hcloud_server', {
      name: 'mail',
      image: 'debian-13',
      server_type: serverType,
      location: 'fsn1',
      ssh_keys: [sshKeyName],
    });
    // What must outlive the machine: queue, greylist, passwords, virus database.
    const volume = this.resource('State', 'hcloud_volume', { name: 'mail-state', size: 20, location: 'fsn1' });
    const attachment = this.resource('StateAttachment', 'hcloud_volume_attachment', {
      server_id: this.server.getNumberAttribute('id'),
      volume_id: volume.getNumberAttribute('id'),
    });
    this.publicIpv4 = this.server.getStringAttribute('ipv4_address');
    this.publicIpv6 = this.server.getStringAttribute('ipv6_address');
    this.instanceId = this.server.getStringAttribute('id');
    this.machineType = serverType;
    this.stateVolumeId = `/dev/disk/by-id/scsi-0HC_Volume_${volume.getStringAttribute('id')}`;
    this.connection = { host: this.publicIpv4, user: 'root' };
    this.reachableAfter = [this.server, attachment];
  }

  setReverseName(heloName: string, after: readonly ITerraformDependable[]): ReverseName {
    return this.reverseName('Ptr', this.publicIpv4, heloName, after);
  }

  setIpv6ReverseName(heloName: string, after: readonly ITerraformDependable[]): ReverseName {
    return this.reverseName('Ipv6Ptr', this.publicIpv6, heloName, after);
  }

  private reverseName(id: string, address: string, heloName: string, after: readonly ITerraformDependable[]): ReverseName {
    const name = this.resource(
      id,
      'hcloud_rdns',
      { server_id: this.server.getNumberAttribute('id'), ip_address: address, dns_ptr: heloName },
      after,
    );
    return {
      managed: true,
      owner: `the reverse name of ${address}`,
      expected: `${heloName}.`,
      actual: name.getStringAttribute('dns_ptr'),
      remedy: 'terraform apply',
      dependables: [name],
    };
  }

  private resource(
    id: string,
    type: string,
    attributes: Record<string, unknown>,
    dependsOn?: readonly ITerraformDependable[],
  ): TerraformResource {
    const resource = new TerraformResource(this, id, { terraformResourceType: type, dependsOn: dependsOn && [...dependsOn] });
    for (const [name, value] of Object.entries(attributes)) resource.addOverride(name, value);
    return resource;
  }
}

const app = new App();
const stack = new TerraformStack(app, 'mail');
new LocalBackend(stack, { path: '../../../state/mail.tfstate' });
// The token comes from HCLOUD_TOKEN, so that no file holds it.
new HetznerProvider(stack, 'hcloud', {
  terraformResourceType: 'hcloud',
  terraformGeneratorMetadata: { providerName: 'hcloud', providerVersion: '1.54.0' },
  terraformProviderSource: 'hetznercloud/hcloud',
});

new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new HetznerHost(stack, 'host', { sshKeyName: 'me' }),
  dns: new ExternalDns(stack, 'dns', { zones: ['example.com'] }),
  domains: { 'example.com': { deliverTo: 'webapp' } },
});

app.synth();
