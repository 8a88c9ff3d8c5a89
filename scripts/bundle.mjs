/** Bundles the provider and the command: scripts without look-ups at run time. */
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compileProto } from './compile-proto.cjs';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const builtPackage = {
  name: 'built-package',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\.\/lib$/ }, () => ({ path: '../lib/index.js', external: true })),
};

/** zod carries its messages in fifty languages, and a provider reads its script several times for each plan. */
const englishOnly = {
  name: 'english-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" })),
};

/** A resource's binding takes milliseconds to load, so each is loaded by the first construct that needs it. */
const lazyBindings = {
  name: 'lazy-bindings',
  setup: ({ onResolve, onLoad }) => {
    const own = { filter: /^@cdktf\/provider-aws\/lib\/[a-z0-9-]+$/ };
    onResolve(own, ({ path, namespace }) =>
      namespace === 'lazy-binding' ? { path, external: true } : { path, namespace: 'lazy-binding' },
    );
    onLoad({ filter: /./, namespace: 'lazy-binding' }, ({ path }) => {
      const getters = Object.keys(require(path)).map((name) => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };` };
    });
  },
};

/**
 * A first line for the shell and a second for both: JavaScript reads it as a comment. Node would parse all of these certificates,
 * a whole bundle behind a company's proxy, at every start: three times a plan, for a program that trusts none of them.
 */
const withoutExtraCertificates = '#!/bin/sh\n":" //; unset NODE_EXTRA_CA_CERTS; exec node "$0" "$@"';

// The user's, of whatever version: there must be one of each in a program.
const peers = ['cdktf', 'constructs', '@cdktf/*'];

export const bundles = {
  library: { entry: 'lib/index.ts', outfile: 'dist/lib/index.js', banner: '', external: peers, plugins: [lazyBindings] },
  // Terraform starts the launcher, and that runs the provider out of its cache of compiled code.
  provider: {
    entry: 'lib/provider/main.ts',
    outfile: 'dist/provider/provider.js',
    banner: '',
    // Loaded for gRPC's own statistics, which nobody asks for.
    external: ['@grpc/proto-loader'],
  },
  launcher: {
    entry: 'lib/provider/launch/main.ts',
    outfile: 'dist/provider/terraform-provider-mailserver.js',
    banner: withoutExtraCertificates,
    define: () => ({ PROGRAM_NAME: '"provider.js"', PROGRAM_DIGEST: JSON.stringify(sha256('dist/provider/provider.js')) }),
  },
  cli: { entry: 'lib/cli/main.ts', outfile: 'dist/cli/mailserver.js' },
  // What `mailserver lab up` deploys where there is no CDKTF program; it uses the package as any program does.
  example: { entry: 'stacks/main.ts', outfile: 'dist/example/main.js', external: peers },
};

/** Protocol texts become code when the bundle is made, not at each start. */
const protocols = {
  name: 'protocols',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.proto$/ }, ({ path }) => ({ contents: compileProto(readFileSync(path, 'utf8')), resolveDir: root })),
};

const sha256 = (file) =>
  createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');

/** The result depends on the sources only, never on where or when it is built: its hash is in the users' lock files. */
export async function bundle({
  entry,
  outfile,
  external = [],
  define = () => ({}),
  banner = '#!/usr/bin/env node',
  plugins = [],
}) {
  const target = join(root, outfile);
  const temporary = `${target}.${process.pid}.js`;
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: temporary,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Modules, where a package has them, can be left out piece by piece.
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [englishOnly, builtPackage, protocols, ...plugins],
    legalComments: 'none',
    banner: { js: banner },
    loader: { '.sh': 'text', '.py': 'text', '.conf': 'text', '.node': 'empty' },
    external: ['cpu-features', ...external],
    define: define(),
    logLevel: 'error',
  });
  chmodSync(temporary, 0o755);
  renameSync(temporary, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of process.argv.slice(2)) await bundle(bundles[name]);
}
