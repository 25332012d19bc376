import type { Level, Verdict } from '../run.ts';
import { h, type Markup } from './markup.ts';

export const VERDICT_WORD: Record<Verdict, string> = {
  pass: 'pass',
  fail: 'fail',
  error: 'error',
  blocked: 'blocked',
  'not-run': 'not run',
  'not-applicable': 'not applicable',
};

/** A sign next to the word, so that colour is not the only difference. */
const SIGN: Record<Verdict, string> = {
  pass: '✓',
  fail: '✗',
  error: '?',
  blocked: '!',
  'not-run': '–',
  'not-applicable': '∅',
};

export function verdictBadge(verdict: Verdict): Markup {
  return h`<span class="badge ${verdict}"><span aria-hidden="true">${SIGN[verdict]}</span> ${VERDICT_WORD[verdict]}</span>`;
}

export function levelBadge(level: Level): Markup {
  return h`<span class="level ${level.toLowerCase()}">${level}</span>`;
}

/** Preformatted text with a button that copies it. */
export function copyable(text: string, label: string): Markup {
  return h`<div class="copyable"><pre tabindex="0"><code>${text}</code></pre><button type="button" class="copy" data-copy>${label}</button></div>`;
}
