import type { Page } from 'playwright-core';
import { buildFlow, type Catalogue } from '../../../fixtures/build-flow.ts';
import { wordByWord } from '../../../fixtures/word-by-word.ts';
import { ask, at, chooseFile, eventually, home, readFlow, type Step } from '../step.ts';

/** Long enough to be seen to grow: the editor shows each step of a build for a third of a second. */
const SAID = Array.from({ length: 60 }, (_, index) => `word${index + 1}`).join(' ');
const LAST = /word60$/;

/**
 * A flow with a model: the same component streams on both sides, since a real one has no provider without packages and
 * a key.
 */
export const modelSteps: Step[] = [
  [
    'a flow from a file',
    async (page, journey) => {
      await home(page);
      const flow = buildFlow(wordByWord, await ask<Catalogue>(page, journey, '/api/v1/all'));
      await chooseFile(
        page,
        () => at(page, 'upload-project-button').click(),
        'word-by-word.json',
        'application/json',
        JSON.stringify(flow),
      );
      await page.getByText('Word by word').first().click();
      await page.locator('.react-flow__edge').nth(1).waitFor({ state: 'attached' });
      await at(page, 'title-Word by Word').waitFor();
    },
  ],
  [
    "a node's field",
    async (page, journey) => {
      await at(page, 'textarea_str_input_value').fill('Good morning');
      await eventually('the field is saved', async () => {
        const { data } = await readFlow(page, journey);
        return data.nodes.some(
          ({ data: { node } }) =>
            (node.template['input_value'] as { value?: unknown } | undefined)?.value === 'Good morning',
        );
      });
    },
  ],
  [
    'one component run',
    async (page) => {
      await at(page, 'button_run_chat input').click();
      await page
        .getByTestId('node_duration_chat input')
        .filter({ hasText: /\d+ ?(ms|s)/ })
        .waitFor();
      await at(page, 'output-inspection-chat message-chatinput').click();
      const dialog = page.getByRole('dialog');
      await eventually(
        'its output is shown',
        async () => (await dialog.locator('textarea').inputValue()) === 'Good morning',
      );
      await page.keyboard.press('Escape');
    },
  ],
  ['a streamed answer', (page) => streamedAnswer(page)],
  [
    'the answer after a reload',
    async (page, { url }) => {
      await page.reload({ waitUntil: 'domcontentloaded' });
      await at(page, 'playground-btn-flow-io').click();
      const responses = page.getByTestId('div-chat-message').filter({ hasText: LAST });
      await responses.first().waitFor();
      const text = (await responses.last().textContent())?.trim();
      if (text !== SAID) throw new Error(`${url} kept another answer: ${text}`);
      await page.keyboard.press('Escape');
    },
  ],
];

/** Parts of the response must be visible before all of it. Tries again if the browser was too busy. */
async function streamedAnswer(page: Page): Promise<void> {
  await at(page, 'playground-btn-flow-io').click();
  await page.evaluate(WATCH);
  let parts: string[] = [];
  for (let turn = 1; turn <= 3 && parts.length < 2; turn++) {
    await at(page, 'input-chat-playground').fill(SAID);
    await page.evaluate('window.seen = []');
    await at(page, 'button-send').click();
    await page
      .getByTestId('div-chat-message')
      .filter({ hasText: LAST })
      .nth(turn - 1)
      .waitFor();
    parts = (await page.evaluate<string[]>('window.seen')).filter(
      (text) => text.length < SAID.length && text.startsWith('word1 '),
    );
  }
  if (parts.length < 2)
    throw new Error(`The response did not grow: it was seen as ${JSON.stringify(parts)} before it was whole`);
}

/** Runs in the page: records each text of the last chat message. */
const WATCH = `
  window.seen = [];
  new MutationObserver(() => {
    const text = [...document.querySelectorAll('[data-testid="div-chat-message"]')].at(-1)?.innerText.trim();
    if (text && text !== window.seen.at(-1)) window.seen.push(text);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
`;
