import type { Locator, Page } from 'playwright-core';
import type { FlowJson } from '../../fixtures/build-flow.ts';
import type { Schema } from '../../spec/operations.ts';
import type { WatchedVisit } from './browser.ts';

/** The page, the deployment and its account. */
export interface Journey extends Pick<WatchedVisit, 'tab'> {
  url: string;
  username: string;
  password: string;
}

/** Each waits for what it should show. */
export type Step = [name: string, act: (page: Page, journey: Journey) => Promise<unknown>];

export const at = (page: Page, id: string): Locator => page.getByTestId(id).first();

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name }).first();

/** Sends a request to the backend as the logged-in user, to compare with what the UI shows. */
export async function ask<Answer>(page: Page, { url }: Journey, path: string): Promise<Answer> {
  const token = (await page.context().cookies()).find(({ name }) => name === 'access_token_lf')?.value;
  const response = await page.request.get(url + path, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok()) throw new Error(`GET ${path} answered ${response.status()}`);
  return response.json();
}

/** A flow that has a graph. */
export type Flow = Omit<Schema<'Flow'>, 'data'> & Pick<FlowJson, 'data'>;

/** The flow on the canvas. */
export function readFlow(page: Page, journey: Journey): Promise<Flow> {
  const id = /\/flow\/([0-9a-f-]+)/.exec(page.url())?.[1];
  return ask(page, journey, `/api/v1/flows/${id}`);
}

/** Retries until the check is true, up to Playwright's timeout. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It never came about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Goes to the page of the projects without loading the UI again. */
export async function home(page: Page): Promise<void> {
  await page.getByTestId('icon-ChevronLeft').first().click();
  await at(page, 'add-project-button').waitFor();
}

/** A page of the settings, by its name in their menu. */
export async function settings(page: Page, name: string): Promise<void> {
  if (!page.url().includes('/settings/')) {
    await at(page, 'user-profile-settings').click();
    await at(page, 'menu_settings_button').click();
  }
  await at(page, `sidebar-nav-${name}`).click();
}

/** Chooses a file where the page asks for one after a click. */
export async function chooseFile(
  page: Page,
  click: () => Promise<void>,
  name: string,
  mimeType: string,
  text: string,
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await click();
  await (await chooser).setFiles({ name, mimeType, buffer: Buffer.from(text) });
}
