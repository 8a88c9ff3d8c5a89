/** Loaded before a measured program: notes its largest resident size, in KiB, in the file named by BENCH_RSS. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.BENCH_RSS, String(process.resourceUsage().maxRSS)));
