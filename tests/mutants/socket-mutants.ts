import type { Operation } from '../../spec/index.ts';
import type { Baseline } from './baseline.ts';
import { none } from './faults.ts';
import type { Mutant, SocketFault } from './mutant.ts';

/** The mutants of a WebSocket: its handshake, credentials, its end, and each type of event in both directions. */
export function socketMutants(
  { operationId }: Operation,
  baseline: Baseline,
  own: (ids: string[]) => string[],
): Mutant[] {
  const make = (
    kind: string,
    socket: SocketFault,
    requirements: string[],
    killedBy: Mutant['killedBy'] = 'test',
  ): Mutant => ({
    id: `${operationId}: ${kind}`,
    kind: kind.replace(/ `.*|,.*|\d+.*/, '').trim(),
    operationId,
    fault: none,
    socket,
    requirements,
    killedBy,
  });
  const all = own(baseline.witnesses(operationId, (status) => status === 101));
  const received = events(baseline, operationId, '<');
  const sent = events(baseline, operationId, '>');
  return [
    make('handshake refused', { refuse: 403 }, all),
    make('connection never ended', { ending: 'never' }, all),
    make('connection ended in another way', { ending: 1000 }, all),
    ...(['none', 'token', 'key'] as const).map((admits) =>
      make(`refused credential accepted, ${admits}`, { admits }, all),
    ),
    ...[...received].flatMap(([type, ids]) => [
      make(`event \`${type}\` not sent`, { toClient: (text) => (isOf(text, type) ? undefined : text) }, own(ids)),
      make(
        `event \`${type}\` of another shape`,
        { toClient: (text) => (isOf(text, type) ? bare(text) : text) },
        own(ids),
        'schema',
      ),
    ]),
    ...[...sent].map(([type, ids]) =>
      make(`event \`${type}\` not received`, { toServer: (text) => (isOf(text, type) ? undefined : text) }, own(ids)),
    ),
  ];
}

/**
 * The types of events on the connections of an operation in one direction, with the requirements whose tests have them.
 */
function events(baseline: Baseline, operationId: string, direction: '<' | '>'): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { requirement, case: one } of baseline.cases) {
    const chunks = one.exchanges
      .filter((exchange) => exchange.operationId === operationId)
      .flatMap((exchange) => exchange.chunks ?? []);
    for (const { text } of chunks.filter((chunk) => chunk.text.startsWith(direction))) {
      const type = typeOf(text.slice(2));
      if (type !== undefined) found.set(type, [...new Set([...(found.get(type) ?? []), requirement])]);
    }
  }
  return found;
}

/** The first `type` in the text of an event is the event's own; a report may have cut the rest. */
const typeOf = (text: string): string | undefined => /^\{\s*"type":\s*"([^"]+)"/.exec(text)?.[1];
const isOf = (text: string, type: string): boolean => typeOf(text) === type;

/** The event with its type only. */
function bare(text: string): string {
  const { type } = JSON.parse(text) as { type: string };
  return JSON.stringify({ type });
}
