/** Survivors that are right to survive, by the end of their id or by all of it, with the reason. */
const ACCEPTED: [ids: RegExp, reason: string][] = [
  [
    /^connectFlowTts(Session)?: event `(no\.such\.event|voice\.settings|session\.update)` not heard$/,
    'it is passed over, or changes a voice that nobody recognizes',
  ],
  [/: list reversed$/, 'no order is promised'],
  [
    /^createApiKey: body field `(total_uses|is_active|api_key|user_id|last_used_at|created_at)` ignored$/,
    'Langflow 1.7.3 ignores it too',
  ],
  [/^createFlow: body field `updated_at` ignored$/, 'Langflow 1.7.3 ignores it too'],
  [
    /^listFlows: query parameter `remove_example_flows` ignored$/,
    "example flows belong to nobody, and are in nobody's list unless automatic login is on",
  ],
  [/^updateProject: body field `(components|flows)` ignored$/, 'Langflow 1.7.3 ignores it too'],
  [
    /^resetPassword: body field `(username|profile_image|is_active|is_superuser|optins|last_login_at)` ignored$/,
    'Langflow 1.7.3 changes the password alone',
  ],
  [/: refusal 500 with another status$/, 'an unhandled error of the server: that it is refused is promised, not how'],
  [
    /^(create|update)Variable: field `value` answered wrongly$/,
    'it is answered encrypted, with a key that nobody else has',
  ],
  [/^listProfilePictures: last of the list missing$/, 'nothing else tells which pictures there are'],
  [/^downloadProfilePicture: bytes of the file changed$/, 'nothing else tells what a picture looks like'],
  [/^uploadTemporaryFile: write not kept$/, 'no operation shows the file again'],
  [
    /^upload(Flows|Project): (name|bytes) of the upload (ignored|changed)$/,
    'the name of the file is not used, and a line feed behind JSON says nothing',
  ],
  [
    /^deleteKnowledgeBases(Slash)?: write not kept$/,
    'no request makes what it deletes: tests/mock/knowledge-bases.test.ts deletes what a snapshot made',
  ],
  [/^build(Public)?Flow: query parameter `flow_name` ignored$/, 'only traces show it'],
  [/^runFlowAdvanced: body field `stream` ignored$/, 'Langflow 1.7.3 ignores it too'],
  [/^listStarterProjects: last of the list missing$/, 'which projects come with a release is not promised'],
];

/** Why this survivor is no gap in the suite, if it is none. */
export function reasonFor(id: string): string | undefined {
  return ACCEPTED.find(([ids]) => ids.test(id))?.[1];
}
