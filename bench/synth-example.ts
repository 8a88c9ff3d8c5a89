import { writeFileSync } from 'node:fs';

/** The example's synth, which notes its largest resident size in KiB in the file named by BENCH_RSS. */
process.on('exit', () => {
  if (process.env.BENCH_RSS) writeFileSync(process.env.BENCH_RSS, String(process.resourceUsage().maxRSS));
});
require('../stacks/main');
