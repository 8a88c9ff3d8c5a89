/**
 * Prints the IAM policy that allows the recorded calls and nothing else: `node scripts/iam-policy.mjs CALLS`, where CALLS is the file
 * `aws/calls.jsonl` in the state folder of a lab, a JSON object with service and action on each line.
 */
import { readFileSync } from 'node:fs';

/** Statements in order, each with the actions that are its own: the first that fits takes an action. */
const STATEMENTS = [
  ['Look', /:(Describe|Get|List)/],
  ['Names', /^route53:/],
  ['SmartHost', /^(ses:|iam:.*User|iam:.*(AccessKey|LoginProfile))/],
  ['Address', /^ec2:.*Address/],
  ['OwnNetwork', /^ec2:.*(Vpc|Subnet|Gateway|Route)/],
  ['Host', /^ec2:/],
  ['Others', /./],
];

/** @param {readonly { service: string, action: string }[]} calls */
function policyOf(calls) {
  const actions = [...new Set(calls.map(({ service, action }) => `${service}:${action}`))].sort();
  const sidOf = (action) => STATEMENTS.find(([, pattern]) => pattern.test(action))[0];
  return {
    Version: '2012-10-17',
    Statement: STATEMENTS.map(([Sid]) => ({
      Sid,
      Effect: 'Allow',
      Action: actions.filter((action) => sidOf(action) === Sid),
      Resource: '*',
    })).filter(({ Action }) => Action.length > 0),
  };
}

/** Calls of the lab itself, and those that are no action, are left out. */
function callsOf(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(({ action, agent }) => /^[A-Z][A-Za-z0-9]+$/.test(action) && agent !== 'mailserver-lab');
}

const [file] = process.argv.slice(2);
if (file) console.log(JSON.stringify(policyOf(callsOf(file)), null, 2));
else {
  console.error('usage: node scripts/iam-policy.mjs CALLS (aws/calls.jsonl in the state folder of a lab)');
  process.exitCode = 2;
}
