import type { Exchange } from '../../reports/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';
import { normalText, type RunWords } from './normalize.ts';

/** The same request to both. */
export interface Step {
  requirement: string;
  request: string;
  operationId: string | undefined;
  mock: Exchange;
  real: Exchange;
}

export interface Pairing {
  steps: Step[];
  /** Requests that one of the two was sent alone: the tests went another way there. */
  unpaired: { requirement: string; request: string; side: 'mock' | 'real' }[];
}

/** Pairs what the tests sent to the mock with what they sent to the real one. */
export function pairSteps(mock: CaseReport[], real: CaseReport[], words: { mock: RunWords; real: RunWords }): Pairing {
  const nameOf = ({ requirement, case: one }: CaseReport) => `${requirement} ${one.name}`;
  const theirs = new Map(real.map((report) => [nameOf(report), report]));
  const found: Pairing = { steps: [], unpaired: [] };
  for (const report of mock) {
    const other = theirs.get(nameOf(report));
    // Where the requirement does not apply to one of the two, the test ended there.
    if (other && [report, other].every(({ case: one }) => one.verdict !== 'not-applicable')) pairCase(report, other, words, found);
  }
  return found;
}

interface Asked {
  request: string;
  exchange: Exchange;
}

function pairCase({ requirement, case: ours }: CaseReport, { case: theirs }: CaseReport, words: { mock: RunWords; real: RunWords }, found: Pairing): void {
  const [mock, real] = [asked(ours.exchanges, words.mock), asked(theirs.exchanges, words.real)];
  let at = 0;
  for (const one of mock) {
    const index = real.findIndex((other, place) => place >= at && other.request === one.request);
    if (index === -1) {
      found.unpaired.push({ requirement, request: one.request, side: 'mock' });
      continue;
    }
    for (const skipped of real.slice(at, index)) found.unpaired.push({ requirement, request: skipped.request, side: 'real' });
    at = index + 1;
    const other = real[index] as Asked;
    found.steps.push({ requirement, request: one.request, operationId: one.exchange.operationId, mock: one.exchange, real: other.exchange });
  }
  for (const left of real.slice(at)) found.unpaired.push({ requirement, request: left.request, side: 'real' });
}

/** What was asked, in order; of a request that was repeated (a poll) the last time alone. */
function asked(exchanges: Exchange[], words: RunWords): Asked[] {
  const list = exchanges.map((exchange) => ({ request: requestOf(exchange, words), exchange }));
  return list.filter(({ request }, index) => list[index + 1]?.request !== request);
}

const requestOf = ({ request, credential }: Exchange, words: RunWords): string =>
  `${request.method} ${normalText(decodeURIComponentSafely(request.url), words)} as ${normalText(credential, words)}`;

function decodeURIComponentSafely(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '));
  } catch {
    return url;
  }
}
