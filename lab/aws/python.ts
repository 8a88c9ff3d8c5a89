import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CommandError, run } from '../system';

/** The emulator's rules reach into moto's models: they fit this version. */
export const motoVersion = '5.2.1';

/** Looks without importing it, which takes seconds; the server's own dependencies are an extra of the package. */
const works = `
from importlib import metadata, util
assert all(util.find_spec(name) for name in ('moto.server', 'flask', 'flask_cors', 'cryptography'))
print(metadata.version('moto'))`;

/**
 * Path of a Python that has moto: one that is there already, else a virtual environment in the cache folder.
 * @throws when there is none and it cannot be installed; the message says what to do.
 */
export async function findPython(cacheDir: string): Promise<string> {
  const venv = join(cacheDir, `moto-${motoVersion}`);
  const candidates = [process.env.MAILSERVER_LAB_PYTHON, join(venv, 'bin/python3'), 'python3', ...pyenvPythons(), scriptPython()];
  for (const candidate of candidates) if (candidate && (await hasMoto(candidate))) return candidate;
  return installMoto(venv);
}

async function hasMoto(python: string): Promise<boolean> {
  if (python.startsWith('/') && !existsSync(python)) return false;
  const { stdout, code } = await run(python, ['-c', works], { accept: [0, 1, 2], timeout: 30_000 }).catch(() => ({
    stdout: '',
    code: 1,
  }));
  return code === 0 && stdout.trim() === motoVersion;
}

function pyenvPythons(): string[] {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  return existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin/python3')) : [];
}

/** The interpreter of a `moto_server` on the path, as its first line says (pipx, virtual environments). */
function scriptPython(): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const script = join(folder, 'moto_server');
    if (!existsSync(script)) continue;
    const interpreter = /^#!(\/\S*python\S*)/.exec(readFileSync(script, 'utf8'))?.[1];
    if (interpreter) return interpreter;
  }
  return undefined;
}

async function installMoto(venv: string): Promise<string> {
  const python = join(venv, 'bin/python3');
  try {
    await run('python3', ['-m', 'venv', '--clear', venv]).catch(async () => {
      await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'python3-venv'], {
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      });
      await run('python3', ['-m', 'venv', '--clear', venv]);
    });
    const options = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(python, ['-m', 'pip', 'install', ...options, `moto[ec2,route53,s3,server]==${motoVersion}`], { timeout: 600_000 });
  } catch (error) {
    const why = error instanceof CommandError ? error.message : String(error);
    throw new Error(
      `the lab's AWS needs Python with moto ${motoVersion}, and installing it failed; install it yourself with "pip install 'moto[ec2,route53,server]==${motoVersion}'" and name that Python in MAILSERVER_LAB_PYTHON\n${why}`,
    );
  }
  if (await hasMoto(python)) return python;
  throw new Error(`moto was installed into ${venv} but does not load; remove that folder and try again`);
}
