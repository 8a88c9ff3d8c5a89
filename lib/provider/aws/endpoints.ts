import type { AwsSettings } from './settings';

type Service = 'ec2' | 'sts';

const isOn = (text: string | undefined) => text?.toLowerCase() === 'true';

/** Where a service is asked, in this order: what settings and environment name, then AWS' own name for it in the region. */
export function endpointOf(service: Service, region: string, settings: AwsSettings, env: NodeJS.ProcessEnv): string {
  const named = service === 'ec2' ? settings.ec2Endpoint : settings.stsEndpoint;
  const ofEnvironment = service === 'ec2' ? env.AWS_ENDPOINT_URL_EC2 : env.AWS_ENDPOINT_URL_STS;
  const isFips = settings.useFipsEndpoint ?? isOn(env.AWS_USE_FIPS_ENDPOINT);
  const isDualstack = settings.useDualstackEndpoint ?? isOn(env.AWS_USE_DUALSTACK_ENDPOINT);
  return named || ofEnvironment || env.AWS_ENDPOINT_URL || ownEndpoint(isFips ? `${service}-fips` : service, region, isDualstack);
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
function ownEndpoint(host: string, region: string, isDualstack: boolean): string {
  const isChina = region.startsWith('cn-');
  const domain = isDualstack
    ? isChina
      ? 'api.amazonwebservices.com.cn'
      : 'api.aws'
    : isChina
      ? 'amazonaws.com.cn'
      : 'amazonaws.com';
  return `https://${host}.${region}.${domain}`;
}
