/**
 * npm run journey [-- TARGET…]: someone's first minutes in the real web UI, on the mock and on a real Langflow (by default both),
 * in headless Chromium. On the mock no request may fail, and nothing be written to the browser's console, that does not on the real one.
 * SCREENSHOTS=DIR keeps a picture of each step.
 */
import { join } from 'node:path';
import { openTarget } from '../../targets/index.ts';
import { visit } from './browser.ts';
import { STEPS } from './journey.ts';

interface Travelled {
  name: string;
  done: string[];
  stuck: string[];
  failed: Set<string>;
  errors: Set<string>;
}

async function travel(name: string): Promise<Travelled> {
  await using target = await openTarget(name, { ui: true, progress: (line) => console.error(line) });
  await using visited = await visit(target.url);
  const { page, failed, errors } = visited;
  const travelled: Travelled = { name, done: [], stuck: [], failed, errors };
  if ('apiKey' in target.credentials) throw new Error('The UI needs a user and a password');
  for (const [step, act] of STEPS) {
    try {
      await act(page, { url: target.url, ...target.credentials });
      travelled.done.push(step);
    } catch (error) {
      travelled.stuck.push(`${step}: ${(error as Error).message.split('\n').slice(0, 4).join(' ')}`);
    }
    const folder = process.env['SCREENSHOTS'];
    if (folder) await page.screenshot({ path: join(folder, `${name.replaceAll(':', '-')}-${step.replaceAll(' ', '-')}.png`) });
  }
  return travelled;
}

const names = process.argv.slice(2);
const [ours, theirs] = [await travel(names[0] ?? 'mock'), await travel(names[1] ?? 'package:1.7.3')];
for (const { name, done, stuck, failed, errors } of [ours, theirs]) {
  console.log(
    `${name}: ${done.length} of ${STEPS.length} steps; failed requests: ${[...failed].join(', ') || 'none'}; console: ${[...errors].join(' | ') || 'nothing'}`,
  );
  for (const one of stuck) console.log(`  stuck: ${one}`);
}
const worse = [...[...ours.failed].filter((one) => !theirs.failed.has(one)), ...[...ours.errors].filter((one) => !theirs.errors.has(one))];
for (const one of worse) console.log(`${ours.name} alone: ${one}`);
process.exitCode = ours.stuck.length + worse.length > 0 ? 1 : 0;
