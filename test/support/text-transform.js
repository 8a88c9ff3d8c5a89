const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

/**
 * Jest's counterpart of esbuild's text loader: a script is a module whose default export is its text. Read from the file, for
 * jest cuts off the first line of what it hands over when that names an interpreter.
 */
module.exports = {
  process: (_text, path) => ({
    code: `Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = ${JSON.stringify(readFileSync(path, 'utf8'))};`,
  }),
  getCacheKey: (text, path) => createHash('sha256').update(`whole file\0${path}\0${text}`).digest('hex').slice(0, 32),
};
