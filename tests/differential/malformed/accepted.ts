import { reasonFor as usualReason } from '../accepted.ts';

/** Accepted differences, by operation, fault and place, with the reason; in addition to those of valid requests. */
const ACCEPTED: [operation: RegExp, fault: RegExp, at: RegExp, reason: string][] = [
  [
    /./,
    /^an API key with spaces$/,
    /./,
    'white space around a header is not part of it (RFC 9110, 5.5), but Langflow treats it as part',
  ],
  [/./, /^query (page|size)=/, /message$/, "pydantic's own wording in full"],
  [/./, /^query \w+=9{20}/, /./, 'numbers beyond those of JavaScript'],
  [/^createFlows$/, /./, /^\/message$/, "SQLite's own wording in full"],
  [
    /FileV2|^deleteAllFiles|^uploadFile$/,
    /filename that leads out|filename of dots|query/,
    /./,
    "files outside of a user's folder differ between servers",
  ],
  [
    /^listMcpServersV2$/,
    /action_count/,
    /mode|toolsCount|error/,
    'the servers are called over the network, and Langflow waits only briefly for itself',
  ],
  [/^listUsers$/, /./, /^\/users/, 'earlier runs on the same server leave their users'],
];

/** The reason why the two may differ here, if there is one. */
export function reasonFor(operationId: string, fault: string, at: string): string | undefined {
  return (
    ACCEPTED.find(
      ([operation, what, place]) => operation.test(operationId) && what.test(fault) && place.test(at),
    )?.[3] ?? usualReason(operationId, at)
  );
}
