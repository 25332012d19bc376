import { at, eventually, readFlow, type Step } from '../step.ts';

/** On the canvas of a flow with a chat: how others get at it. */
export const sharingSteps: Step[] = [
  [
    'API access',
    async (page, journey) => {
      const { id } = await readFlow(page, journey);
      await at(page, 'publish-button').click();
      await at(page, 'api-access-item').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(`/api/v1/run/${id}`).first().waitFor();
      await dialog.getByText('cURL').click();
      await dialog.getByText(`/api/v1/run/${id}`).first().waitFor();
      await page.keyboard.press('Escape');
    },
  ],
  [
    'a shareable playground',
    async (page, journey) => {
      const { id } = await readFlow(page, journey);
      await at(page, 'publish-button').click();
      await at(page, 'publish-switch').click();
      await eventually('the flow is public', async () => (await readFlow(page, journey)).access_type === 'PUBLIC');
      await page.keyboard.press('Escape');
      // In a tab of its own. To strangers the UI of 1.7.3 shows it for a moment only, then it looks for a login, unless
      // anyone is logged in.
      await using tab = await journey.tab();
      await tab.page.goto(`${journey.url}/playground/${id}`, { waitUntil: 'domcontentloaded' });
      await at(tab.page, 'input-chat-playground').fill('Hello from afar');
      await at(tab.page, 'button-send').click();
      await tab.page.getByTestId('div-chat-message').filter({ hasText: 'Hello from afar' }).first().waitFor();
    },
  ],
];
