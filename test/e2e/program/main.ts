import { App } from 'cdktf';
import type { MailServer } from '../../../lib';
import { ExampleStack } from '../../../stacks/example';
import { settingsFromEnvironment } from '../../../stacks/settings';

/** The example, changed through its escape hatch by what the test puts into the environment. */
const app = new App();
const stack = new ExampleStack(app, 'mail', settingsFromEnvironment());
const role = (stack.node.findChild('mail') as MailServer).role;
for (const [name, value] of Object.entries(JSON.parse(process.env.E2E_ROLE_ATTRIBUTES ?? '{}'))) role.addOverride(name, value);
app.synth();
