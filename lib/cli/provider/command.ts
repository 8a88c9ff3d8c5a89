import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { packageInfo } from '../../installer/package-info';
import { mirrorFolder, providerSource } from '../../installer/provider-address';
import { placeProvider } from '../../installer/provider-mirror';
import { say } from '../terminal';

/** `mailserver provider`: for configurations in HCL; a CDKTF program gets the provider at synth. */
export function providerCommand(): Command {
  return new Command('provider')
    .exitOverride()
    .description(
      'Put the Terraform provider into terraform.d/plugins of a folder, where "terraform init" finds it. Only for configurations in HCL: a CDKTF program does this at synth.',
    )
    .argument('[folder]', 'folder of the configuration', '.')
    .action((folder: string) => {
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
        throw new Error(`'${folder}' is not a folder: name the one that holds the configuration`);
      placeProvider(resolve(folder));
      say(`${mirrorFolder}/${packageInfo().version}\n\n${requirement(packageInfo().version)}`);
    });
}

const requirement = (version: string) => `terraform {
  required_providers {
    mailserver = {
      source  = "${providerSource}"
      version = "${version}"
    }
  }
}
`;
