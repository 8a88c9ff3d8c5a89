import type { DesiredState, ManagedFile } from '../../lib/host/desired-state';

/** A change of what the host gets: of a file, which is configuration or a program, or of a list of the rendered state. */
export type Alteration =
  | { readonly file: string; readonly from: string; readonly to: string }
  | { readonly file: string; readonly mode: string }
  /** A file of the service users becomes one of the stack. */
  | { readonly managed: string }
  /** It is not there on a host where nobody has made it. */
  | { readonly unmanaged: string }
  | { readonly list: 'packages' | 'absentPackages'; readonly without: string };

/** A test by its place and its title in docs/requirements.md. */
export interface Killer {
  /** Path from the folder of the package. */
  readonly file: string;
  readonly title: string;
  /** Of a table, the rows whose titles have this in them; default: all, and one that fails is enough. */
  readonly row?: string;
}

interface Broken {
  /** Requirements (`R14`), and incidents by as much of `2012/r007 One client …` as names one of them. */
  readonly of: readonly string[];
  /** What is wrong now, a sentence. */
  readonly what: string;
  /** Each of them has to fail. */
  readonly killedBy: readonly Killer[];
}

/** A product of which one requirement is taken away or turned round, on the host. */
export interface HostMutant extends Broken {
  readonly alterations: readonly Alteration[];
}

/** The same in the sources of the package; unit tests have to see it. */
export interface SourceMutant extends Broken {
  readonly source: string;
  readonly from: string;
  readonly to: string;
}

/** The same in the synthesised stack; whoever looks from outside has to see it. */
export interface StackMutant extends Broken {
  /** What is replaced in cdk.tf.json. */
  readonly from: string;
  readonly to: string;
}

/** One line for people. */
export function nameOf({ of, what }: Broken): string {
  return `${of.join(', ')}: ${what}`;
}

/** Changes what is there to be changed; states of a test may lack a file. */
export function altered(state: DesiredState, { alterations }: Pick<HostMutant, 'alterations'>): DesiredState {
  return alterations.reduce(alter, state);
}

function alter(state: DesiredState, alteration: Alteration): DesiredState {
  if ('list' in alteration) {
    const { list, without } = alteration;
    return { ...state, [list]: state[list].filter((name) => name !== without) };
  }
  if ('managed' in alteration) {
    const isIt = ({ path }: ManagedFile) => path === alteration.managed;
    return {
      ...state,
      files: [...state.files, ...state.seeds.filter(isIt)],
      seeds: state.seeds.filter((each) => !isIt(each)),
    };
  }
  if ('unmanaged' in alteration) return { ...state, seeds: state.seeds.filter(({ path }) => path !== alteration.unmanaged) };
  const change = (file: ManagedFile) => (file.path === alteration.file ? alterFile(file, alteration) : file);
  return { ...state, files: state.files.map(change), seeds: state.seeds.map(change) };
}

function alterFile(file: ManagedFile, alteration: Extract<Alteration, { file: string }>): ManagedFile {
  if ('mode' in alteration) return { ...file, mode: alteration.mode };
  return { ...file, content: file.content.replaceAll(alteration.from, () => alteration.to) };
}
