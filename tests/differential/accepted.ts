/** Differences that are meant, by operation (or request, where it is none of the contract) and place, with the reason. */
const ACCEPTED: [operation: RegExp, at: RegExp, reason: string][] = [
  [/openapi\.json/, /./, "the mock publishes this project's contract, not the vendor's"],
  [/^listStarterProjects$/, /^status$/, 'the package lacks what some of its starter projects need; ours need nothing'],
  [
    /^list(Flows|Users|ApiKeys|Projects|FilesV2|Variables)$/,
    /^\/total_count$|^(\/\w+)?\/length$|^\/api_keys\/\d+\/(name|last_used_at)$/,
    'what earlier tests deleted may be there for a moment',
  ],
  [
    /^(updateProject|updateUser|createFlows)$/,
    /^\/(detail|message)$/,
    "SQLAlchemy's statement and its parameters are not told",
  ],
  [
    /^readBuildEvents$/,
    /./,
    'what a build that is cancelled still tells, and whether its stream ends, is a matter of time',
  ],
  [/^(runFlow|listMessages)$/, /^\/length$/, 'how far a run has come when its client hangs up is a matter of time'],
  [/public_flow/, /^status$/, 'a flow is gone a moment before or after its owner'],
];

/** Why the two may differ here, if they may. */
export function reasonFor(operationId: string, at: string): string | undefined {
  return ACCEPTED.find(([operation, place]) => operation.test(operationId) && place.test(at))?.[2];
}
