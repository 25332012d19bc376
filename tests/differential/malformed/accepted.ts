import { reasonFor as usualReason } from '../accepted.ts';

/** Differences that are meant, by operation, fault and place, with the reason; beside those of valid requests. */
const ACCEPTED: [operation: RegExp, fault: RegExp, at: RegExp, reason: string][] = [
  [
    /./,
    /^an API key with spaces$/,
    /./,
    'white space around a header is no part of it (RFC 9110, 5.5), which the real one takes for a part of it',
  ],
  [/./, /^query (page|size)=/, /message$/, "pydantic's own wording in full"],
  [/./, /^query \w+=9{20}/, /./, 'numbers beyond those of JavaScript'],
  [/^createFlows$/, /./, /^\/message$/, "SQLite's own wording in full"],
  [
    /FileV2|^deleteAllFiles|^uploadFile$/,
    /filename that leads out|filename of dots|query/,
    /./,
    "what lies outside of a user's folder is the server's own",
  ],
  [
    /^listMcpServersV2$/,
    /action_count/,
    /mode|toolsCount|error/,
    'the servers are asked over the network, and the real one does not wait long for itself',
  ],
  [/^listUsers$/, /./, /^\/users/, 'earlier runs on the same server leave their users'],
];

/** Why the two may differ here, if they may. */
export function reasonFor(operationId: string, fault: string, at: string): string | undefined {
  return (
    ACCEPTED.find(
      ([operation, what, place]) => operation.test(operationId) && what.test(fault) && place.test(at),
    )?.[3] ?? usualReason(operationId, at)
  );
}
