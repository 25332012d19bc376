import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A page of the web UI, with everything that went wrong on it. */
export interface Visit extends AsyncDisposable {
  page: Page;
  /** Requests that failed: `500 GET /api/v1/store/tags`; ids are replaced. */
  failed: Set<string>;
  /** What the page wrote to its console as an error, and its uncaught exceptions. */
  errors: Set<string>;
}

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** @throws Error where there is no Chromium (CHROMIUM names another place) */
async function launch(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...CHROMIUM].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('There is no Chromium: install it (Debian: apt-get install chromium), or name its place in CHROMIUM');
  return chromium.launch({ executablePath, args: QUIET });
}

/** Opens the UI of a deployment. Nothing but the deployment is asked: fonts and badges of other hosts are refused. */
export async function visit(url: string): Promise<Visit> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(20_000);
  const failed = new Set<string>();
  const errors = new Set<string>();
  await page.route(
    ({ protocol, href }) => protocol.startsWith('http') && !href.startsWith(url),
    (route) => route.abort(),
  );
  page.on('response', (answer) => {
    const path = answer.url().slice(url.length).split('?')[0]?.replaceAll(UUID, '<id>');
    if (answer.url().startsWith(url) && answer.status() >= 400) failed.add(`${answer.status()} ${answer.request().method()} ${path}`);
  });
  page.on('console', (message) => {
    // A failed request is told apart, with what it was.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.add(message.text().replaceAll(UUID, '<id>').slice(0, 200));
  });
  page.on('pageerror', (error) => errors.add(`uncaught: ${error.message}`));
  return { page, failed, errors, [Symbol.asyncDispose]: () => browser.close() };
}
