import { CommandError, commandLine, run, runScript } from '../../../lab/system';

describe('running a command', () => {
  test('gives what it printed', async () => {
    await expect(run('sh', ['-c', 'echo out; echo err >&2'])).resolves.toEqual({ code: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  test('names the command, its exit code and what it said when it fails', async () => {
    const failure = run('sh', ['-c', 'echo broken >&2; exit 3']);
    await expect(failure).rejects.toThrow("sh -c 'echo broken >&2; exit 3': exit code 3\nbroken");
    await expect(failure).rejects.toMatchObject({ code: 3, stderr: 'broken\n' });
  });

  test('says that a command does not exist', async () => {
    await expect(run('no-such-command', [])).rejects.toThrow('no-such-command: command not found');
  });

  test('gives an accepted exit code instead of an error', async () => {
    await expect(run('sh', ['-c', 'exit 4'], { accept: [0, 4] })).resolves.toMatchObject({ code: 4 });
  });

  test('kills a command that takes too long', async () => {
    await expect(run('sleep', ['10'], { timeout: 50 })).rejects.toThrow('sleep 10: no end after 50 ms');
  });

  test('says which signal ended a command', async () => {
    await expect(run('sh', ['-c', 'kill -TERM $$'])).rejects.toThrow('ended by SIGTERM');
  });

  test('survives a command that does not read its input', async () => {
    await expect(run('true', [], { input: 'x'.repeat(1_000_000) })).resolves.toMatchObject({ code: 0 });
  });

  test('calls a script by its name, not by its text', async () => {
    const failure = runScript('plug.sh', 'cat; exit $1', ['7', 'a b'], { input: 'said' });
    await expect(failure).rejects.toThrow(CommandError);
    await expect(failure).rejects.toThrow("plug.sh 7 'a b': exit code 7\nsaid");
  });
});

test.each([
  [['ip', '-n', 'a', 'link'], 'ip -n a link'],
  [['sh', '-c', "echo 'x'"], "sh -c 'echo '\\''x'\\'''"],
  [['x', ''], "x ''"],
])('writes %j as one could type it', (command, line) => {
  expect(commandLine(command)).toBe(line);
});
