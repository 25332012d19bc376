import type { Page } from 'playwright-core';

/** Who logs in, and where pictures go. */
export interface Journey {
  url: string;
  username: string;
  password: string;
}

type Step = [name: string, act: (page: Page, journey: Journey) => Promise<unknown>];

const at = (page: Page, id: string) => page.getByTestId(id).first();
const settings = (page: Page, url: string, name: string) => page.goto(`${url}/settings/${name}`, { waitUntil: 'domcontentloaded' });

/** What someone does in the UI in their first ten minutes. Each step waits for what it should show. */
export const STEPS: Step[] = [
  [
    'log in',
    async (page, { url, username, password }) => {
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      await page.getByPlaceholder('Username').fill(username);
      await page.getByPlaceholder('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Starter Project').first().waitFor();
    },
  ],
  [
    'templates',
    async (page) => {
      await page.getByRole('button', { name: 'New Flow' }).first().click();
      await at(page, 'side_nav_options_all-templates').click();
      await at(page, 'blank-flow').waitFor();
    },
  ],
  [
    'a blank flow',
    async (page) => {
      await at(page, 'blank-flow').click();
      await at(page, 'sidebar-search-input').waitFor();
    },
  ],
  [
    'components from the sidebar',
    async (page) => {
      await add(page, 'chat input', 'add-component-button-chat-input');
      await at(page, 'title-Chat Input').waitFor();
      await add(page, 'chat output', 'add-component-button-chat-output');
      await moveAside(page, 'title-Chat Output');
    },
  ],
  [
    'an edge',
    async (page) => {
      await at(page, 'handle-chatinput-noshownode-chat message-source').click();
      await at(page, 'handle-chatoutput-noshownode-inputs-target').click();
      await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
    },
  ],
  [
    'rename and save',
    async (page) => {
      await at(page, 'flow_name').click();
      await at(page, 'input-flow-name').fill('My journey');
      await at(page, 'save-flow-settings').click();
      await page.getByText('Changes saved successfully').first().waitFor();
    },
  ],
  [
    'the playground',
    async (page) => {
      await at(page, 'playground-btn-flow-io').click();
      await at(page, 'input-chat-playground').fill('Hello there');
      await at(page, 'button-send').click();
      await page.getByTestId('div-chat-message').filter({ hasText: 'Hello there' }).first().waitFor();
      // Said by the user, then by the flow.
      await page.getByText('Hello there').nth(1).waitFor();
    },
  ],
  [
    'back to the project',
    async (page, { url }) => {
      await page.goto(`${url}/flows`, { waitUntil: 'domcontentloaded' });
      await page.getByText('My journey').first().waitFor();
    },
  ],
  [
    'the MCP page',
    async (page) => {
      await at(page, 'mcp-btn').click();
      await page.getByText('MCP Server').first().waitFor();
    },
  ],
  [
    'message history',
    async (page, { url }) => {
      await settings(page, url, 'messages');
      await page.getByText('Hello there').first().waitFor();
    },
  ],
  [
    'an API key',
    async (page, { url }) => {
      await settings(page, url, 'api-keys');
      await at(page, 'api-key-button-store').click();
      await page.getByPlaceholder('My API Key').fill('journey');
      await page
        .getByRole('button', { name: /create|generate/i })
        .last()
        .click();
      await page.getByText(/sk-/).or(page.locator('input[value^="sk-"]')).first().waitFor();
      await page.keyboard.press('Escape');
    },
  ],
  [
    'a global variable',
    async (page, { url }) => {
      await settings(page, url, 'global-variables');
      await at(page, 'api-key-button-store').click();
      await page.getByPlaceholder('Enter a name for the variable...').fill('journey_variable');
      await page.getByPlaceholder('Enter a value for the variable...').fill('a value');
      await page.getByRole('button', { name: /save variable/i }).click();
      await page.getByText('journey_variable').first().waitFor();
    },
  ],
  [
    'MCP servers',
    async (page, { url }) => {
      await settings(page, url, 'mcp-servers');
      await at(page, 'add-mcp-server-button-page').waitFor();
    },
  ],
  [
    'files',
    async (page, { url }) => {
      await page.goto(`${url}/assets/files`, { waitUntil: 'domcontentloaded' });
      const chooser = page.waitForEvent('filechooser');
      await page
        .getByRole('button', { name: /upload/i })
        .first()
        .click();
      await (await chooser).setFiles({ name: 'journey.txt', mimeType: 'text/plain', buffer: Buffer.from('a file') });
      await page.getByText('journey').first().waitFor();
    },
  ],
  [
    'log out',
    async (page) => {
      await at(page, 'user-profile-settings').click();
      await page.getByText('Logout').first().click();
      await page.getByPlaceholder('Username').waitFor();
    },
  ],
];

async function add(page: Page, search: string, button: string): Promise<void> {
  await at(page, 'sidebar-search-input').fill(search);
  await at(page, button).click({ force: true });
}

/** A new node is put where the last one is. */
async function moveAside(page: Page, title: string): Promise<void> {
  const node = at(page, title);
  await node.waitFor();
  const box = await node.boundingBox();
  if (!box) throw new Error(`${title} is nowhere to be seen`);
  await page.mouse.move(box.x + 20, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 270, box.y + 130, { steps: 8 });
  await page.mouse.up();
}
