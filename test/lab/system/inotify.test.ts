import { tooFewInotify } from '../../../lab/system/inotify';

test.each([
  [0, 128],
  [96, 128],
  [119, 512],
])('a lab fits in where %d of %d inotify instances are in use', (used, limit) => {
  expect(tooFewInotify(used, limit)).toBeUndefined();
});

test('a lab that some units would fail in is refused, with the command that makes room', () => {
  expect(tooFewInotify(119, 128)).toBe(
    'root\'s programs use 119 of the 128 inotify instances that they may have here, and a lab needs 32: take another lab down, or run "sysctl fs.inotify.max_user_instances=256"',
  );
});
