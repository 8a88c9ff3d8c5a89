/** The part of a local mirror that stands for a registry; no such host is ever asked. */
const host = 'mailserver.local';
const namespace = 'mail';

/** The provider's type: the first part of its resources' names. */
export const providerType = 'mailserver';

/** The provider's source address, as `required_providers` and the lock file spell it. */
export const providerSource = `${host}/${namespace}/${providerType}`;

/** Where Terraform looks for the provider without any configuration, relative to the stack's folder. */
export const mirrorFolder = `terraform.d/plugins/${providerSource}`;

/** The platforms that run a script by its first line. */
export const platforms = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'] as const;

/** The file name that Terraform expects in `<version>/<platform>/`. */
export const executableName = (version: string) => `terraform-provider-${providerType}_v${version}`;
