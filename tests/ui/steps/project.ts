import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { Schema } from '../../../spec/operations.ts';
import { ask, at, button, eventually, type Flow, home, type Journey, type Step } from '../step.ts';

/** On the page of the projects. */
export const projectSteps: Step[] = [
  [
    'back to the project',
    async (page) => {
      await home(page);
      await card(page, 'My journey').waitFor();
    },
  ],
  [
    'a flow copied',
    async (page) => {
      await menu(page, 'My journey', 'btn-duplicate-flow');
      await card(page, 'My journey (1)').waitFor();
    },
  ],
  [
    'a flow exported',
    async (page) => {
      await menu(page, 'My journey (1)', 'btn-download-json');
      const download = page.waitForEvent('download');
      await at(page, 'modal-export-button').click();
      const flow = JSON.parse(await readFile(await (await download).path(), 'utf8'));
      if (flow.name !== 'My journey (1)' || flow.data.edges.length !== 1)
        throw new Error(`Another flow was exported: ${flow.name}`);
    },
  ],
  [
    'a flow deleted',
    async (page, journey) => {
      await menu(page, 'My journey (1)', 'btn_delete_dropdown_menu');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await card(page, 'My journey (1)').waitFor({ state: 'detached' });
      const flows = await ask<Flow[]>(page, journey, '/api/v1/flows/?get_all=true&header_flows=true');
      if (flows.some(({ name }) => name === 'My journey (1)')) throw new Error('The flow is still there');
    },
  ],
  [
    'a flow moved to a new project',
    async (page, journey) => {
      await at(page, 'add-project-button').click();
      await at(page, 'new_project_btn_empty_page').waitFor();
      const project = /\/folder\/([0-9a-f-]+)/.exec(page.url())?.[1];
      await at(page, 'sidebar-nav-Starter Project').click();
      await card(page, 'Basic Prompting').dragTo(at(page, 'sidebar-nav-New Project'));
      await eventually('the flow is in the new project', async () => {
        const flows = await ask<Flow[]>(page, journey, '/api/v1/flows/?get_all=true&header_flows=true');
        return flows.some(({ name, folder_id }) => name === 'Basic Prompting' && folder_id === project);
      });
      await card(page, 'Basic Prompting').waitFor({ state: 'detached' });
    },
  ],
  [
    'the MCP page',
    async (page) => {
      await at(page, 'mcp-btn').click();
      await at(page, 'tool_my_journey').waitFor();
      await page.getByText('JSON', { exact: true }).first().click();
      await page
        .getByText(/api\/v1\/mcp\/project\/[0-9a-f-]{36}\/streamable/)
        .first()
        .waitFor();
    },
  ],
  [
    'authentication of the MCP server',
    async (page, journey) => {
      for (const [label, type] of [
        ['API Key', 'apikey'],
        ['None', 'none'],
      ] as const) {
        await button(page, /(Add|Edit) Auth/).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText(label, { exact: true }).click();
        await dialog.getByRole('button', { name: 'Save' }).click();
        await dialog.waitFor({ state: 'detached' });
        await eventually(`the project is set to ${type}`, async () => (await authType(page, journey)) === type);
      }
      await page.getByText('None (public)').first().waitFor();
    },
  ],
];

/** Of the project that is listed first. */
async function authType(page: Page, journey: Journey): Promise<string | undefined> {
  const [project] = await ask<Schema<'Project'>[]>(page, journey, '/api/v1/projects/');
  return (await ask<Schema<'McpProject'>>(page, journey, `/api/v1/mcp/project/${project?.id}`)).auth_settings
    ?.auth_type;
}

const card = (page: Page, name: string): Locator =>
  page
    .getByTestId('list-card')
    .filter({ has: page.getByText(name, { exact: true }) })
    .first();

async function menu(page: Page, flow: string, entry: string): Promise<void> {
  await card(page, flow).getByTestId('home-dropdown-menu').click();
  await at(page, entry).click();
}
