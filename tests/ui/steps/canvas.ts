import type { Page } from 'playwright-core';
import { at, eventually, readFlow, type Step } from '../step.ts';

/** On the canvas of a blank flow. */
export const canvasSteps: Step[] = [
  [
    'components from the sidebar',
    async (page) => {
      await add(page, 'Chat Input', 'add-component-button-chat-input');
      await add(page, 'Chat Output', 'add-component-button-chat-output');
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
    async (page, journey) => {
      await at(page, 'flow_name').click();
      await at(page, 'input-flow-name').fill('My journey');
      await at(page, 'save-flow-settings').click();
      await page.getByText('Changes saved successfully').first().waitFor();
      await eventually('the name is saved', async () => (await readFlow(page, journey)).name === 'My journey');
    },
  ],
  [
    'the playground',
    async (page, journey) => {
      await at(page, 'playground-btn-flow-io').click();
      await at(page, 'input-chat-playground').fill('Hello there');
      await at(page, 'button-send').click();
      await page.getByTestId('div-chat-message').filter({ hasText: 'Hello there' }).first().waitFor();
      // Said by the user, then by the flow.
      await page.getByText('Hello there').nth(1).waitFor();
      await page.keyboard.press('Escape');
      await eventually('the canvas is saved', async () => {
        const { data } = await readFlow(page, journey);
        return data.nodes.length === 2 && data.edges.length === 1;
      });
    },
  ],
];

/** A component added while a new flow is opening is lost: adds it again. */
async function add(page: Page, name: string, button: string): Promise<void> {
  await at(page, 'sidebar-search-input').fill(name.toLowerCase());
  for (let attempt = 1; ; attempt++) {
    await at(page, button).click({ force: true });
    try {
      return await at(page, `title-${name}`).waitFor({ timeout: 4_000 });
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/** The editor puts a new node on top of the last one. */
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
