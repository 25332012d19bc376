import type { Page } from 'playwright-core';
import { ask, at, button, eventually, type Flow, readFlow, type Step } from '../step.ts';

/** Until there is a flow on the canvas. */
export const startSteps: Step[] = [
  [
    'log in',
    async (page, { url, username, password }) => {
      await openLogin(page, url);
      await page.getByPlaceholder('Username').fill(username);
      await page.getByPlaceholder('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Starter Project').first().waitFor();
    },
  ],
  [
    'what to get started with',
    async (page) => {
      await button(page, 'New Flow').click();
      for (const card of ['basic-prompting', 'vector-store-rag', 'simple-agent'])
        await at(page, `template-get-started-card-${card}`).waitFor();
    },
  ],
  [
    'templates',
    async (page, journey) => {
      await at(page, 'side_nav_options_all-templates').click();
      await at(page, 'blank-flow').waitFor();
      // The UI hides the flows for knowledge bases.
      const examples = (await ask<Flow[]>(page, journey, '/api/v1/flows/basic_examples/')).filter(
        ({ name }) => !name.startsWith('Knowledge '),
      );
      const shown = page.locator('[data-testid^="template-"]:not([data-testid*="get-started"])');
      await eventually(
        `all ${examples.length} templates are shown`,
        async () => (await shown.count()) === examples.length,
      );
      await at(page, 'side_nav_options_prompting').click();
      await eventually(
        'only some are shown by their use',
        async () => (await shown.count()) > 0 && (await shown.count()) < examples.length,
      );
    },
  ],
  [
    'a flow from a template',
    async (page, journey) => {
      // The editor asks what the model's fields are now, and complains when the response finds another flow on the
      // canvas.
      const updated = page.waitForResponse((response) => response.url().endsWith('/api/v1/custom_component/update'));
      await at(page, 'template-basic-prompting').click();
      await page.locator('.react-flow__node').first().waitFor();
      const { data } = await readFlow(page, journey);
      const there = async (what: string) => page.locator(`.react-flow__${what}`).count();
      await eventually(
        'all nodes are on the canvas',
        async () => data.nodes.length > 3 && (await there('node')) === data.nodes.length,
      );
      await eventually(
        'all edges are on the canvas',
        async () => data.edges.length > 2 && (await there('edge')) === data.edges.length,
      );
      await at(page, 'title-Language Model').waitFor();
      await updated;
    },
  ],
  [
    'a blank flow',
    async (page) => {
      await page.getByTestId('icon-ChevronLeft').first().click();
      await at(page, 'new-project-btn').click();
      // The editor has opened a flow when its builds are loaded: what is added before is lost.
      const opened = page.waitForResponse((response) => response.url().includes('/api/v1/monitor/builds?flow_id='));
      await at(page, 'blank-flow').click();
      await opened;
      await at(page, 'flow_name').filter({ hasText: 'New Flow' }).waitFor();
      await at(page, 'sidebar-search-input').waitFor();
    },
  ],
];

/**
 * The UI of 1.7.3 goes to its login while its first requests are still under way. Now and then it then waits for ever,
 * and what is filled in too early is lost.
 */
async function openLogin(page: Page, url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await page.goto(url, { waitUntil: 'networkidle' });
    try {
      return await page.getByPlaceholder('Username').waitFor({ timeout: 5_000 });
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}
