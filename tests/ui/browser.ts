import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A page of the web UI. */
export interface Visit extends AsyncDisposable {
  page: Page;
}

/** A visit with all errors in all of its tabs. */
export interface WatchedVisit extends Visit {
  /** Requests that failed: `500 GET /api/v1/store/tags`; ids are replaced. */
  failed: Set<string>;
  /** What pages wrote to the console as an error, and their uncaught exceptions. */
  errors: Set<string>;
  /** Another tab. */
  tab(): Promise<Visit>;
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
/** Blurred and moving backgrounds are slow without a graphics card. */
const STILL = `addEventListener('DOMContentLoaded', () => {
  const style = document.createElement('style');
  style.textContent = '*, *::before, *::after { backdrop-filter: none !important; animation-duration: 0s !important; transition-duration: 0s !important }';
  document.head.append(style);
})`;
/** The UI aborts a request that it repeats within a third of a second; whether it does depends on the timing. */
const LUCK = /Duplicate request: |\bGte$/;
const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** @throws Error where there is no Chromium (CHROMIUM names another place) */
async function launch(host: string): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...CHROMIUM].find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error(
      'There is no Chromium: install it (Debian: apt-get install chromium), or name its place in CHROMIUM',
    );
  // Nothing but the deployment is asked: no fonts and badges of other hosts. Playwright's routes would turn the
  // browser's cache off.
  return chromium.launch({
    executablePath,
    args: [...QUIET, `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${host}`],
  });
}

/** Opens the UI of a deployment. */
export async function visit(url: string): Promise<WatchedVisit> {
  const browser = await launch(new URL(url).hostname);
  const [failed, errors] = [new Set<string>(), new Set<string>()];
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const open = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.addInitScript({ content: STILL });
    watch(page, url, failed, errors);
    return page;
  };
  const tab = async () => {
    const page = await open();
    return { page, [Symbol.asyncDispose]: () => page.close() };
  };
  return { page: await open(), failed, errors, tab, [Symbol.asyncDispose]: () => browser.close() };
}

function watch(page: Page, url: string, failed: Set<string>, errors: Set<string>): void {
  page.on('response', (response) => {
    const path = response.url().slice(url.length).split('?')[0]?.replaceAll(UUID, '<id>');
    if (response.url().startsWith(url) && response.status() >= 400)
      failed.add(`${response.status()} ${response.request().method()} ${path}`);
  });
  page.on('console', (message) => {
    // Failed requests are reported separately, with their URL.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource') || LUCK.test(message.text()))
      return;
    errors.add(message.text().replaceAll(UUID, '<id>').slice(0, 200));
  });
  page.on('pageerror', (error) => errors.add(`uncaught: ${error.message}`));
}
