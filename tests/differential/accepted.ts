/** Accepted differences, by operation (or request, if the contract has no operation) and place, with the reason. */
const ACCEPTED: [operation: RegExp, at: RegExp, reason: string][] = [
  [/openapi\.json/, /./, "the mock publishes this project's contract, not the vendor's"],
  [
    /^listStarterProjects$/,
    /^status$/,
    'the package lacks packages that some of its starter projects need; ours need none',
  ],
  [
    /^list(Flows|Users|ApiKeys|Projects|FilesV2|Variables)$/,
    /^\/total_count$|^(\/\w+)?\/length$|^\/api_keys\/\d+\/(name|last_used_at)$/,
    'rows that earlier tests deleted may be listed for a moment',
  ],
  [
    /^(updateProject|updateUser|createFlows)$/,
    /^\/(detail|message)$/,
    "the mock does not return SQLAlchemy's statement and its parameters",
  ],
  [/^readBuildEvents$/, /./, 'what a cancelled build still sends, and whether its stream ends, depends on the timing'],
  [
    /^(runFlow|listMessages)$/,
    /^\/length$/,
    'how far a run has come when its client closes the connection depends on the timing',
  ],
  [/public_flow/, /^status$/, 'a flow is gone a moment before or after its owner'],
];

/** The reason why the two may differ here, if there is one. */
export function reasonFor(operationId: string, at: string): string | undefined {
  return ACCEPTED.find(([operation, place]) => operation.test(operationId) && place.test(at))?.[2];
}
