import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Finding } from './report.ts';

const CLI = join(import.meta.dirname, '..', 'cli', 'index.ts');
const AIM_SECONDS = 15;

/** How long the conformance suite takes on the mock: in seconds, for this machine only. */
export async function certify(): Promise<Finding> {
  const from = performance.now();
  const { status } = spawnSync(process.execPath, [CLI, 'certify', '--target', 'mock'], { stdio: 'ignore' });
  const seconds = (performance.now() - from) / 1000;
  const missed = [
    seconds > AIM_SECONDS && `${seconds.toFixed(1)} s, aim ${AIM_SECONDS} s`,
    status !== 0 && `exit ${status}`,
  ].filter(Boolean);
  return {
    title: 'The conformance suite',
    columns: ['', 'mock', 'aim'],
    rows: [
      {
        cells: ['certify on the mock', `${seconds.toFixed(1)} s (exit ${status})`, `${AIM_SECONDS} s`],
        missed: missed.length > 0 ? `certify: ${missed.join(', ')}` : undefined,
      },
    ],
  };
}
