import { App, LocalBackend, TerraformStack } from 'cdktf';
import { MailserverRole } from '../lib';

/** The role alone, with aliases from a file: `node lists-stack.js OUTDIR ALIASES CONNECTION HELO-NAME`. */
const [outdir = '', virtualAliases = '', connection = '', heloName = ''] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new TerraformStack(app, 'lists');
new LocalBackend(stack, { path: '../../terraform.tfstate' });
new MailserverRole(stack, 'role', {
  heloName,
  connection: JSON.parse(connection),
  outboundTargets: [],
  mapFiles: { virtualAliases },
});
app.synth();
