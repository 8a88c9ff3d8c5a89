const shared = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
    '\\.(sh|py|pl|conf)$': '<rootDir>/test/support/text-transform.js',
    '\\.proto$': '<rootDir>/test/support/proto-transform.js',
  },
  // How an import where it is needed names a source file.
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': ['$1.js', '$1'], '^cdktf-mailserver$': '<rootDir>/lib' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
};

/** `unit` is pure and quick; `e2e` runs in the lab and needs root; every file has a lab of its own;
 * `mutants` takes an hour and shows that tests fail where the product is broken. */
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/e2e/', '/node_modules/'],
      setupFiles: ['<rootDir>/test/support/without-stack-traces.js'],
      setupFilesAfterEnv: ['<rootDir>/test/support/cdktf-matchers.ts'],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/e2e/support/deadline.ts'],
    },
    { ...shared, displayName: 'mutants', testMatch: ['<rootDir>/test/mutants/killing/*.ts'] },
  ],
};
