/**
 * One line as each test ends, and how long it took: a file of the lab takes minutes, and jest shows nothing of it until its end. The
 * last line of a run that is stopped from outside shows where it was.
 */
module.exports = class LiveReporter {
  constructor() {
    this.begin = Date.now();
  }

  onTestCaseResult({ path }, { status, fullName, duration }) {
    if (status === 'pending') return;
    const file = path.replace(/^.*\/test\//, '').replace(/\.test\.ts$/, '');
    const minutes = ((Date.now() - this.begin) / 60_000).toFixed(1);
    console.log(`[${minutes} min] ${status} ${file}: ${fullName} (${((duration ?? 0) / 1000).toFixed(1)} s)`);
  }
};
