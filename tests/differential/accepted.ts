/** Differences that are meant, by operation (or request, where it is none of the contract) and place, with the reason. */
const ACCEPTED: [operation: RegExp, at: RegExp, reason: string][] = [
  [/^listComponents$/, /./, "the mock's catalogue is its own: the vendor's components are not copied"],
  [/openapi\.json/, /./, "the mock publishes this project's contract, not the vendor's"],
  [/^(listBasicExamples|listStarterProjects)$/, /./, "the mock's example flows are its own"],
  [/./, /\/order$/, 'no order is promised: rows of the same second, or none at all'],
  [/^listMessages$/, /traceback$/, 'the traceback names the files of the vendor'],
  [/^(createFlow|updateFlow|uploadFlows)$/, /^\/detail$/, "a folder of the server, or pydantic's and SQLite's own wording in full"],
  [/^(updateProject|updateUser|createFlows|uploadFlows|uploadProject)$/, /^\/(detail|message)$/, "pydantic's and SQLite's own wording in full"],
  [/^listBuilds$/, /\/params$/, 'long texts are folded at other places than by PyYAML'],
];

/** Why the two may differ here, if they may. */
export function reasonFor(operationId: string, at: string): string | undefined {
  return ACCEPTED.find(([operation, place]) => operation.test(operationId) && place.test(at))?.[2];
}
