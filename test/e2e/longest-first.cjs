const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take minutes, the longest first: started last, one of them alone would keep everybody waiting. */
const long = [
  'attacks',
  'requirements',
  'deploy',
  'provider',
  'aws-chain',
  'host',
  'role',
  'dns-faults',
  'relay',
  'accepted',
  'checks',
  'two-hosts',
  'three-stacks',
  'signing',
  'policy',
  'public-dns',
  'aws-check',
  'prefix',
];

/** Files of up to a minute and a half; one that is named nowhere is taken for the longest of all. */
const short = [
  'lab-cloud',
  'lab-machines',
  'lab-images',
  'reverse-names',
  'changes',
  'ses',
  'route53-limits',
  'ec2-limits',
  'ipv6',
  'emulator',
  'recorder',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const name = path.replace(/^.*\/|\.test\.ts$/g, '');
      return short.includes(name) ? long.length + short.indexOf(name) : long.indexOf(name);
    };
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
};
