/** Bundles the provider and the command: scripts without look-ups at run time. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { compileProto } from './compile-proto.cjs';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const builtPackage = {
  name: 'built-package',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.\/lib$/ }, ({ importer }) =>
      importer.includes('/node_modules/') ? undefined : { path: '../lib/index.js', external: true },
    ),
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

// The user's, of whatever version: there must be one of each in a program.
const peers = ['cdktf', 'constructs', '@cdktf/*'];

export const bundles = {
  // Node prints the line of an error that nobody catches, so these have short ones.
  library: {
    entry: 'lib/index.ts',
    outfile: 'dist/lib/index.js',
    banner: '',
    external: peers,
    plugins: [lazyBindings],
    minifyWhitespace: false,
  },
  // Terraform starts the launcher, and that runs the provider out of its cache of compiled code.
  provider: {
    entry: 'lib/provider/main.ts',
    outfile: 'dist/provider/provider.js',
    banner: '',
    // Loaded for gRPC's own statistics, which nobody asks for.
    external: ['@grpc/proto-loader'],
    inParts: true,
  },
  launcher: {
    entry: 'lib/provider/launch/main.ts',
    outfile: 'dist/provider/terraform-provider-mailserver.js',
    banner: readFileSync(join(root, 'lib/provider/launch/node.sh'), 'utf8').trimEnd(),
    define: () => ({ PROGRAM_NAME: '"provider.js"', PROGRAM: JSON.stringify(programIn('dist/provider/provider.js')) }),
  },
  cli: { entry: 'lib/cli/main.ts', outfile: 'dist/cli/mailserver.js' },
  // What `mailserver lab up` deploys where there is no CDKTF program; it uses the package as any program does.
  example: { entry: 'stacks/main.ts', outfile: 'dist/example/main.js', external: peers, minifyWhitespace: false },
};

/** Protocol texts become code when the bundle is made, not at each start. */
const protocols = {
  name: 'protocols',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.proto$/ }, ({ path }) => ({ contents: compileProto(readFileSync(path, 'utf8')), resolveDir: root })),
};

const options = ({ external = [], define = () => ({}), plugins = [], minifyWhitespace = true }) => ({
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  // The library's text names the files it is made of: by their place in this folder, wherever packages really are.
  preserveSymlinks: true,
  platform: 'node',
  target: 'node20',
  // Modules, where a package has them, can be left out piece by piece.
  mainFields: ['module', 'main'],
  minifyWhitespace,
  minifySyntax: true,
  plugins: [englishOnly, builtPackage, protocols, ...plugins],
  legalComments: 'none',
  loader: { '.sh': 'text', '.py': 'text', '.pl': 'text', '.conf': 'text', '.node': 'empty' },
  external: ['cpu-features', ...external],
  define: define(),
  logLevel: 'error',
});

/**
 * The result depends on the sources only, never on where or when it is built: its hash is in the users' lock files.
 * @returns {Promise<string[]>} paths of the files that it is made of, from the folder of the package
 */
export async function bundle(each) {
  const { entry, outfile, banner = '#!/usr/bin/env node', inParts = false } = each;
  const target = join(root, outfile);
  const temporary = `${target}.${process.pid}.js`;
  let metafile;
  if (inParts) {
    mkdirSync(dirname(target), { recursive: true });
    const made = await program(each);
    writeFileSync(temporary, made.text);
    metafile = made.metafile;
  } else {
    const how = { entryPoints: [entry], outfile: temporary, format: 'cjs', banner: { js: banner } };
    metafile = (await build({ ...options(each), ...how })).metafile;
  }
  chmodSync(temporary, 0o755);
  renameSync(temporary, target);
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0),
  );
}

/**
 * What is imported where it is needed becomes a part of its own, and so does what several parts share. All are in one file, after
 * a line that says where.
 */
async function program(each) {
  const { outputFiles, metafile } = await build({
    ...options(each),
    entryPoints: { main: each.entry },
    outdir: join(root, 'dist/parts'),
    chunkNames: '[name]-[hash]',
    format: 'esm',
    splitting: true,
    write: false,
  });
  const parts = {};
  let texts = '';
  const isMain = ({ path }) => basename(path) === 'main.js';
  for (const { path, text } of outputFiles.sort((one, other) => isMain(other) - isMain(one))) {
    const { code } = await transform(text, {
      target: 'node20',
      format: 'cjs',
      supported: { 'dynamic-import': false },
      minifyWhitespace: true,
      minifySyntax: true,
    });
    parts[basename(path)] = [texts.length, code.length];
    texts += code;
  }
  return { text: `//${JSON.stringify(parts)}\n${texts}`, metafile };
}

/** What the launcher knows of a program: see lib/provider/launch. */
function programIn(file) {
  const bytes = readFileSync(join(root, file));
  const begin = bytes.indexOf('\n') + 1;
  const parts = Object.entries(JSON.parse(bytes.subarray(2, begin).toString()));
  return {
    digest: createHash('sha256').update(bytes).digest('hex'),
    parts: Object.fromEntries(parts.map(([name, [start, length]]) => [name, [begin + start, length]])),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of process.argv.slice(2)) await bundle(bundles[name]);
}
