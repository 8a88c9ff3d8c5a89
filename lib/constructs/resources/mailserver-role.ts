import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import * as z from 'zod/mini';
import { type ConnectionSettings, connectionSettings } from '../../host/connection-settings';
import { ownAttributes, roleAttributes } from '../../provider/role/attributes';
import { resourceSettings } from '../../provider/role/resource-settings';
import { type RoleSettings, roleSettings } from '../../role/settings';
import { checkSecrets, checkSettings } from '../synth/check-settings';
import { given } from '../synth/given';
import { attributeValues } from './attribute-values';
import { describeMaps, placeMapFiles, readMapFiles } from './map-files';
import { resourceConfig } from './resource-config';

/** A value of the stack, or a token in its place. Strings, numbers, lists and maps have tokens of their own type. */
type Tokenized<T> = T extends boolean
  ? boolean | IResolvable
  : T extends object
    ? { readonly [K in keyof T]: Tokenized<T[K]> } | IResolvable
    : T;

type RoleProperties = { readonly [K in keyof RoleSettings]: Tokenized<RoleSettings[K]> };

/** The settings of the role, how the host is reached, and Terraform's meta-arguments. */
export interface MailserverRoleConfig extends RoleProperties, Omit<TerraformMetaArguments, 'connection' | 'provisioners'> {
  /** How the host is reached; Terraform's attribute is called `ssh`. */
  readonly connection: ConnectionSettings;

  /**
   * Identity of the machine, e.g. the EC2 instance id: with a new one, a new host key is trusted.
   *
   * @default - the address
   */
  readonly instanceId?: string;

  /**
   * Size of the machine, e.g. the EC2 instance type: with a new one, what follows from cores and memory is known after apply.
   *
   * @default - as large as it was
   */
  readonly machineType?: string;

  /**
   * Mail servers of others, by name or address, whose port 25 the host tries at the end of an apply; if none can be reached, the
   * apply warns. Empty: nothing is tried.
   *
   * @default - servers of four big receivers
   */
  readonly outboundTargets?: readonly string[];

  /**
   * What destroying the resource does to the host: `keep` leaves it running as it is, `stop` stops the mail services, for a
   * machine that is destroyed next, `remove` stops them and removes the managed files.
   *
   * @default keep
   */
  readonly onDestroy?: 'keep' | 'stop' | 'remove';
}

const ownProperties = z.extend(z.omit(resourceSettings, { ssh: true, mapContents: true }), { connection: connectionSettings });

/** The Terraform resource `mailserver_role`: brings a Debian host into the mail role and keeps it so. */
export class MailserverRole extends TerraformResource {
  static readonly tfResourceType = 'mailserver_role';

  private readonly properties: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, id: string, config: MailserverRoleConfig) {
    const { count, dependsOn, forEach, lifecycle, provider, ...properties } = config;
    super(scope, id, resourceConfig(scope, MailserverRole.tfResourceType, { count, dependsOn, forEach, lifecycle, provider }));
    const { connection, instanceId, machineType, outboundTargets, onDestroy, ...role } = properties;
    checkSecrets(this, roleAttributes, role);
    checkSettings(this, roleSettings, given(role));
    checkSettings(this, ownProperties, given({ connection, instanceId, machineType, outboundTargets, onDestroy }));
    const mapContents = describeMaps(readMapFiles(this, role));
    this.properties = { ...properties, mapFiles: placeMapFiles(this, role.mapFiles), mapContents };
  }

  /** Address and port of the host. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** Fingerprint of the host key (`SHA256:…`) that the host proved to have. */
  get hostKey(): string {
    return this.getStringAttribute('host_key');
  }

  /** The HELO name that the host announces, once it does. */
  get heloName(): string {
    return this.getStringAttribute('helo_name');
  }

  /** Processor cores of the host. */
  get cores(): number {
    return this.getNumberAttribute('cores');
  }

  /** Memory of the host in MiB. */
  get memoryMib(): number {
    return this.getNumberAttribute('memory_mib');
  }

  /** Managed files, path to content. */
  get files(): { [path: string]: string } {
    return this.getStringMapAttribute('files');
  }

  /** Text of the TXT record of a DKIM key that the host made, with `dkim`. */
  dkimRecord(selector: string): string {
    return this.interpolationForAttribute(`dkim_records[${JSON.stringify(selector)}]`).toString();
  }

  /** Content of one managed file. */
  file(path: string): string {
    return this.interpolationForAttribute(`files[${JSON.stringify(path)}]`).toString();
  }

  /** Services, unit to state. */
  get services(): { [unit: string]: string } {
    return this.getStringMapAttribute('services');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { connection, ...properties } = this.properties;
    return {
      ...attributeValues(properties, roleAttributes),
      ...attributeValues({ ...properties, ssh: connection }, ownAttributes),
    };
  }
}
