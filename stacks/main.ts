import { App } from 'cdktf';
import { ExampleStack } from './example';
import { settingsFromEnvironment } from './settings';

const app = new App();
new ExampleStack(app, 'mail', settingsFromEnvironment());
app.synth();
