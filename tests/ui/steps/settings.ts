import { at, button, chooseFile, home, type Step, settings } from '../step.ts';

/** What belongs to the user rather than to a flow. */
export const settingsSteps: Step[] = [
  [
    'message history',
    async (page) => {
      await settings(page, 'Messages');
      await page.getByText('Hello there').first().waitFor();
    },
  ],
  [
    'an API key',
    async (page) => {
      await settings(page, 'Langflow API Keys');
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
    async (page) => {
      await settings(page, 'Global Variables');
      await at(page, 'api-key-button-store').click();
      await page.getByPlaceholder('Enter a name for the variable...').fill('journey_variable');
      await page.getByPlaceholder('Enter a value for the variable...').fill('a value');
      await button(page, /save variable/i).click();
      await page.getByText('journey_variable').first().waitFor();
    },
  ],
  [
    'MCP servers',
    async (page) => {
      await settings(page, 'MCP Servers');
      await at(page, 'add-mcp-server-button-page').waitFor();
    },
  ],
  [
    'a password',
    async (page, { password }) => {
      await settings(page, 'General');
      await page.getByPlaceholder('Password', { exact: true }).fill(password);
      await page.getByPlaceholder('Confirm Password').fill(password);
      await button(page, 'Save').last().click();
      await page
        .getByText(/same as|saved|success/i)
        .first()
        .waitFor();
    },
  ],
  [
    'files',
    async (page) => {
      await home(page);
      await page.getByText('My Files').first().click();
      await chooseFile(page, () => button(page, /upload/i).click(), 'journey.txt', 'text/plain', 'a file');
      await page.getByText('journey').first().waitFor();
    },
  ],
  [
    'users',
    async (page) => {
      await at(page, 'user-profile-settings').click();
      // The page asks for its list a while after it is there: were it asked for later, that could be after the logout.
      const listed = page.waitForResponse(/\/users\/\?/);
      await at(page, 'menu_admin_page_button').click();
      await listed;
      await button(page, 'New User').click();
      const dialog = page.getByRole('dialog');
      // Types slowly: the UI does not fetch a list twice within a third of a second.
      await dialog.getByPlaceholder('Username').pressSequentially('journey-companion', { delay: 20 });
      for (const name of ['password', 'confirmpassword'])
        await dialog.locator(`input[name=${name}]`).fill('companion-pass-1');
      await dialog.locator('#is_active').click();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('journey-companion').first().waitFor();
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
