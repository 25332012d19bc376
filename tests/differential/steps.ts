import type { Exchange } from '../../reports/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';
import { normalText, type RunWords } from './normalize.ts';

/** The same request to both sides. */
export interface Step {
  requirement: string;
  request: string;
  operationId: string | undefined;
  mock: Exchange;
  real: Exchange;
}

export interface Pairing {
  steps: Step[];
  /** Requests that only one side was sent, since the tests took another path there. */
  unpaired: { requirement: string; request: string; side: 'mock' | 'real' }[];
}

/** Pairs the requests to the mock with those to the real deployment. */
export function pairSteps(mock: CaseReport[], real: CaseReport[], words: { mock: RunWords; real: RunWords }): Pairing {
  const nameOf = ({ requirement, case: one }: CaseReport) => `${requirement} ${one.name}`;
  const theirs = new Map(real.map((report) => [nameOf(report), report]));
  const found: Pairing = { steps: [], unpaired: [] };
  for (const report of mock) {
    const other = theirs.get(nameOf(report));
    // If the requirement is not applicable to one side, its test ended early.
    if (other && [report, other].every(({ case: one }) => one.verdict !== 'not-applicable'))
      pairCase(report, other, words, found);
  }
  return found;
}

interface SentRequest {
  request: string;
  exchange: Exchange;
}

function pairCase(
  { requirement, case: ours }: CaseReport,
  { case: theirs }: CaseReport,
  words: { mock: RunWords; real: RunWords },
  found: Pairing,
): void {
  const [mock, real] = [sentRequests(ours.exchanges, words.mock), sentRequests(theirs.exchanges, words.real)];
  // In any order: a test may send several at once.
  for (const one of mock) {
    const index = real.findIndex((other) => other.request === one.request);
    const [other] = index === -1 ? [] : real.splice(index, 1);
    if (other)
      found.steps.push({
        requirement,
        request: one.request,
        operationId: one.exchange.operationId,
        mock: one.exchange,
        real: other.exchange,
      });
    else found.unpaired.push({ requirement, request: one.request, side: 'mock' });
  }
  for (const left of real) found.unpaired.push({ requirement, request: left.request, side: 'real' });
}

/** The requests in order. Of a repeated request (a poll) only the last is kept, or all their bodies joined. */
function sentRequests(exchanges: Exchange[], words: RunWords): SentRequest[] {
  const list: SentRequest[] = [];
  for (const exchange of exchanges) {
    const request = requestOf(exchange, words);
    const before = list.at(-1)?.request === request ? list.pop() : undefined;
    list.push({
      request,
      exchange: before && TELLS_ONCE.test(exchange.operationId ?? '') ? joined(before.exchange, exchange) : exchange,
    });
  }
  return list;
}

/** Operations whose responses continue where the previous one ended. */
const TELLS_ONCE = /^readBuildEvents$/;

function joined(before: Exchange, { response, ...rest }: Exchange): Exchange {
  if (!before.response || !response || before.response.status !== response.status)
    return { ...rest, ...(response && { response }) };
  return { ...rest, response: { ...response, body: `${before.response.body}\n${response.body}` } };
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
