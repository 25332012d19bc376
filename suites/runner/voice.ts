import { WebSocket } from 'ws';
import type { Person } from '../support/run-context.ts';
import { send } from './http.ts';
import { logIn } from './preflight.ts';

const PATIENCE_MS = 5000;
const NOT_REACHED =
  "the deployment opens no session with OpenAI's realtime API: it can't reach it, or the key is not valid (FLOWPACT_OPENAI_API_KEY)";

/** Whether a voice session can be opened: opens one as a user of the run, who has the OpenAI key meanwhile. */
export async function probeVoice(url: string, who: Person, key = 'sk-flowpact-not-a-key'): Promise<true | string> {
  if (!who.ours || !who.password) return 'it needs a user of the run, which could not be created';
  const token = who.token ?? (await logIn(url, who.username, who.password)).members['access_token'];
  const headers = { authorization: `Bearer ${token}` };
  const json = { name: 'OPENAI_API_KEY', value: key, type: 'Credential', default_fields: [] };
  const made = await send(`${url}/api/v1/variables/`, { method: 'POST', headers, json });
  if (made.status !== 201)
    return `it needs a variable OPENAI_API_KEY of its own: POST /api/v1/variables/ answered ${made.status}`;
  try {
    return (await begins(url, String(token))) || NOT_REACHED;
  } finally {
    await send(`${url}/api/v1/variables/${made.members['id']}`, { method: 'DELETE', headers });
  }
}

function begins(url: string, token: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const path = '/api/v1/voice/ws/flow_tts/00000000-0000-4000-8000-000000000000';
  const socket = new WebSocket(url.replace(/^http/, 'ws') + path, { headers: { cookie: `access_token_lf=${token}` } });
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  socket.on('message', (data) => resolve(data.toString().includes('transcription_session')));
  for (const end of ['close', 'error'] as const) socket.on(end, () => resolve(false));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.terminate();
  });
}
