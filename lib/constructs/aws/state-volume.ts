import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { lifecycle } from '../synth/lifecycle';

export interface StateVolumeProps {
  readonly instanceId: string;
  readonly availabilityZone: string;
  /** The zone was looked up, so it may be answered differently one day; the volume stays where it was made. */
  readonly availabilityZoneIsLookedUp: boolean;
  /** What the machine must not lose while it runs: it is shut down and the volume detached first. */
  readonly detachedBefore: readonly ITerraformDependable[];
  readonly sizeGiB: number;
  readonly protect: boolean;
  readonly name: string;
  readonly provider?: TerraformProvider;
}

/**
 * The encrypted volume that outlives the instance: mail queue, greylist, SASL and virus databases. Protected, Terraform refuses
 * every plan that would delete it, and should it be deleted after that was lifted, a snapshot is left.
 */
export class StateVolume extends Construct {
  readonly volume: EbsVolume;
  readonly attachment: VolumeAttachment;

  constructor(scope: Construct, id: string, props: StateVolumeProps) {
    super(scope, id);
    this.volume = new EbsVolume(this, 'Resource', {
      provider: props.provider,
      availabilityZone: props.availabilityZone,
      type: 'gp3',
      size: props.sizeGiB,
      encrypted: true,
      finalSnapshot: props.protect,
      tags: { Name: props.name },
      lifecycle: lifecycle({
        preventDestroy: props.protect || undefined,
        ignoreChanges: props.availabilityZoneIsLookedUp ? ['availability_zone'] : undefined,
      }),
    });
    this.attachment = new VolumeAttachment(this, 'Attachment', {
      provider: props.provider,
      deviceName: '/dev/sdf',
      volumeId: this.volume.id,
      instanceId: props.instanceId,
      // The host is shut down first, so that Postfix closes its queue and the file system is clean when it is pulled out.
      stopInstanceBeforeDetaching: true,
      // Without its address the host would go on to send what is queued from another one, whose name is not the HELO name.
      dependsOn: [...props.detachedBefore],
    });
  }
}
