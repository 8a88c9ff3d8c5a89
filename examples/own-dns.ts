/**
 * Another DNS service: a class with `zoneNames` and `addRecord` is all that `MailServer` needs. This one sends dynamic updates
 * (RFC 2136) to a name server such as BIND or Knot, with the provider hashicorp/dns. It uses cdktf's generic resource, so that it
 * runs without generated bindings; with `cdktf get`, use the classes that it generates.
 */
import { App, type ITerraformDependable, LocalBackend, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import { type DnsRecordProps, ExistingHost, type IDnsRecord, type IMailDns, MailServer } from 'cdktf-mailserver';
import { Construct } from 'constructs';

class DnsProvider extends TerraformProvider {}

class DynamicDns extends Construct implements IMailDns {
  readonly zoneNames: readonly string[];
  readonly ttlSeconds = 300;

  constructor(
    scope: Construct,
    id: string,
    private readonly zone: string,
  ) {
    super(scope, id);
    this.zoneNames = [zone];
  }

  addRecord(scope: Construct, id: string, record: DnsRecordProps): IDnsRecord {
    const { type, attributes } = this.recordSet(record);
    const resource = new TerraformResource(scope, id, {
      terraformResourceType: type,
      dependsOn: record.dependsOn,
      lifecycle: { createBeforeDestroy: record.createBeforeDestroy },
    });
    resource.addOverride('zone', `${this.zone}.`);
    resource.addOverride('ttl', record.ttlSeconds ?? this.ttlSeconds);
    for (const [name, value] of Object.entries(attributes)) resource.addOverride(name, value);
    const labels = record.name.slice(0, -this.zone.length).replace(/\.$/, '');
    if (labels !== '') resource.addOverride('name', labels);
    const dependables: ITerraformDependable[] = [resource];
    return { dependables, valuesText: record.values.join(', '), managed: true };
  }

  private recordSet({ type, values }: DnsRecordProps): { type: string; attributes: Record<string, unknown> } {
    switch (type) {
      case 'A':
        return { type: 'dns_a_record_set', attributes: { addresses: values } };
      case 'AAAA':
        return { type: 'dns_aaaa_record_set', attributes: { addresses: values } };
      case 'TXT':
        return { type: 'dns_txt_record_set', attributes: { txt: values } };
      case 'MX':
        return {
          type: 'dns_mx_record_set',
          attributes: {
            mx: values.map((value) => {
              const [preference, exchange] = value.split(' ');
              return { preference: Number(preference), exchange };
            }),
          },
        };
      default:
        throw new Error(`${type} records are not written by DynamicDns`);
    }
  }
}

const app = new App();
const stack = new TerraformStack(app, 'mail');
new LocalBackend(stack, { path: '../../../state/mail.tfstate' });
const provider = new DnsProvider(stack, 'dns', {
  terraformResourceType: 'dns',
  terraformGeneratorMetadata: { providerName: 'dns', providerVersion: '3.4.3' },
  terraformProviderSource: 'hashicorp/dns',
});
// The key comes from DNS_UPDATE_KEYNAME, DNS_UPDATE_KEYALGORITHM and DNS_UPDATE_KEYSECRET, so that no file holds it.
provider.addOverride('update', [{ server: '198.51.100.53' }]);

new MailServer(stack, 'mail', {
  heloName: 'mail.example.com',
  host: new ExistingHost(stack, 'host', { publicIpv4: '198.51.100.25', connection: { user: 'root' } }),
  dns: new DynamicDns(stack, 'zones', 'example.com'),
  domains: { 'example.com': { deliverTo: 'webapp' } },
});

app.synth();
