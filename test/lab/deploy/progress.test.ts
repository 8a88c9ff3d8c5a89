import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressFile } from '../../../lab/deploy/environment';
import { withProgress } from '../../../lab/deploy/progress';

describe('the progress of a push', () => {
  it('is every line once, half lines when they are whole, the last ones included', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'progress-'));
    const lab = { name: 'lab', stateDir, cacheDir: '/nowhere' };
    const lines: string[] = [];
    try {
      const result = await withProgress(
        lab,
        (line) => lines.push(line),
        async () => {
          appendFileSync(progressFile(lab), 'packages\nfi');
          while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
          appendFileSync(progressFile(lab), 'les\nservices');
          return 'done';
        },
      );
      expect(result).toBe('done');
      expect(lines).toEqual(['packages', 'files', 'services']);
    } finally {
      await rm(stateDir, { recursive: true });
    }
  });
});
