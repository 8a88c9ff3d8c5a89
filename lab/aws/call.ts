import { inOperatorNetwork } from '../network';
import { type Lab, run } from '../system';
import { awsEndpoint } from './emulator';

/** `User-Agent` of calls that nobody's program makes: see `RecordedCall`. */
export const labAgent = 'mailserver-lab';

const script = `
  const [url, authorization, body] = process.argv.slice(1);
  const type = body.startsWith('<') ? 'text/xml' : 'application/x-www-form-urlencoded';
  const headers = { authorization, 'user-agent': '${labAgent}' };
  const init = body ? { method: 'POST', body, headers: { ...headers, 'content-type': type } } : { headers };
  fetch(url, init)
    .then(async (response) => { process.stdout.write(await response.text()); process.exitCode = response.ok ? 0 : 1; });`;

/**
 * One call of the lab's AWS API, past Terraform, as somebody in the console would; gives the answer's text (XML). The emulator
 * reads the service from the signature, and checks none.
 * @param body Form fields (EC2), XML (Route 53), or nothing for a GET.
 * @throws CommandError with the API's answer when it refuses.
 */
export async function awsCall(lab: Lab, service: 'ec2' | 'route53', path: string, body = ''): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=testing/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const command = inOperatorNetwork(lab, [process.execPath, '-e', script, `${awsEndpoint}${path}`, authorization, body]);
  const [file, ...args] = command;
  return (await run(file, args, { name: `AWS ${service} ${path}`, timeout: 30_000 })).stdout;
}
