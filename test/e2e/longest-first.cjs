const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take minutes, the longest first: started last, one of them alone would keep everybody waiting. */
const long = ['deploy', 'requirements', 'attacks', 'provider', 'dns-faults', 'role', 'host', 'checks'];

/** A file that is not named above is taken for a long one. */
const short = ['lab-cloud', 'lab-machines', 'lab-aws'];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const name = path.replace(/^.*\/|\.test\.ts$/g, '');
      return short.includes(name) ? long.length + short.indexOf(name) : long.indexOf(name);
    };
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
};
