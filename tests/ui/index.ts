/**
 * npm run journey [-- TARGET…]: someone's first hour in the real web UI, on the mock and on a real Langflow (by default
 * both),
 * in headless Chromium. On the mock no request may fail, and nothing be written to the browser's console, that does not
 * on the real one.
 * SCREENSHOTS=DIR keeps a picture of each step.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openTarget, type Target } from '../../targets/index.ts';
import { visit } from './browser.ts';
import { STEPS } from './journey.ts';

interface JourneyResult {
  name: string;
  seconds: number;
  done: string[];
  stuck: string[];
  failed: Set<string>;
  errors: Set<string>;
}

/** One after the other, while the next one starts. */
async function travelAll(names: string[]): Promise<JourneyResult[]> {
  await using targets = new AsyncDisposableStack();
  const progress = (line: string) => console.error(line);
  const opening = names.map(async (name) => targets.use(await openTarget(name, { ui: true, progress })));
  try {
    const travelled: JourneyResult[] = [];
    for (const target of opening) travelled.push(await travel(await target));
    return travelled;
  } finally {
    await Promise.allSettled(opening);
  }
}

async function travel(target: Target): Promise<JourneyResult> {
  const { name } = target;
  await using visited = await visit(target.url);
  const { page, failed, errors, tab } = visited;
  const travelled: JourneyResult = { name, seconds: 0, done: [], stuck: [], failed, errors };
  if (!('username' in target.credentials)) throw new Error('The UI needs a user and a password');
  const started = Date.now();
  for (const [step, act] of STEPS) {
    try {
      await act(page, { url: target.url, tab, ...target.credentials });
      travelled.done.push(step);
    } catch (error) {
      travelled.stuck.push(`${step}: ${(error as Error).message.split('\n').slice(0, 4).join(' ')}`);
    }
    await picture(page, `${`${name} ${step}`.replaceAll(/[^\w.]+/g, '-')}.png`);
    // Who gets stuck so often does not come to the rest either.
    if (travelled.stuck.length === 3) break;
  }
  travelled.seconds = Math.round((Date.now() - started) / 1000);
  return travelled;
}

async function picture(page: Page, file: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: join(folder, file) });
}

const [first = 'mock', second = 'package:1.7.3'] = process.argv.slice(2);
const [ours, theirs] = (await travelAll([first, second])) as [JourneyResult, JourneyResult];
for (const { name, seconds, done, stuck, failed, errors } of [ours, theirs]) {
  console.log(
    `${name}: ${done.length} of ${STEPS.length} steps in ${seconds} s; failed requests: ${[...failed].join(', ') || 'none'}; console: ${[...errors].join(' | ') || 'nothing'}`,
  );
  for (const one of stuck) console.log(`  stuck: ${one}`);
}
const worse = [
  ...[...ours.failed].filter((one) => !theirs.failed.has(one)),
  ...[...ours.errors].filter((one) => !theirs.errors.has(one)),
];
for (const one of worse) console.log(`${ours.name} alone: ${one}`);
process.exitCode = ours.stuck.length + worse.length > 0 ? 1 : 0;
