/** Differences that are meant, by operation (or request, where it is none of the contract) and place, with the reason. */
const ACCEPTED: [operation: RegExp, at: RegExp, reason: string][] = [
  [/^listComponents$/, /./, "the mock's catalogue is its own: the vendor's components are not copied"],
  [/openapi\.json/, /./, "the mock publishes this project's contract, not the vendor's"],
  [/^(listBasicExamples|listStarterProjects)$/, /./, "the mock's example flows are its own"],
  [/./, /\/order$/, 'no order is promised: rows of the same second, or none at all'],
  [/./, /(traceback|stackTrace)$/, 'the traceback names the files of the vendor'],
  [/^listProfilePictures$|profile_pictures/, /./, "the mock's pictures are its own"],
  [
    /^list(Flows|Users|ApiKeys|Projects|FilesV2)$/,
    /^(\/\w+)?\/length$|^\/api_keys\/\d+\/(name|last_used_at)$/,
    'what earlier tests deleted may be listed for a moment, and keys of deleted projects stay longer',
  ],
  [
    /^(openProject|sendProject|endProject)Mcp|^listTransactions$/,
    /^\/detail\/length$/,
    'a fault of a parameter that two parts of the real one read is told twice',
  ],
  [/Mcp/, /\/error\/message$/, "pydantic's own wording in full"],
  [/^(createFlow|updateFlow|uploadFlows)$/, /^\/detail$/, "a folder of the server, or pydantic's and SQLite's own wording in full"],
  [/^(updateProject|updateUser|createFlows|uploadFlows|uploadProject)$/, /^\/(detail|message)$/, "pydantic's and SQLite's own wording in full"],
  [/^(listBuilds|buildFlow|buildPublicFlow|readBuildEvents)$/, /\/params$/, 'long texts are folded at other places than by PyYAML'],
];

/** Why the two may differ here, if they may. */
export function reasonFor(operationId: string, at: string): string | undefined {
  return ACCEPTED.find(([operation, place]) => operation.test(operationId) && place.test(at))?.[2];
}
