const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { compileProto } = require('../../scripts/compile-proto.cjs');

const compiler = readFileSync(require.resolve('../../scripts/compile-proto.cjs'));

/** Jest's counterpart of what the bundler does with a `.proto` file. */
module.exports = {
  process: (text) => ({ code: compileProto(text) }),
  getCacheKey: (text) => createHash('sha256').update(compiler).update('\0').update(text).digest('hex').slice(0, 32),
};
