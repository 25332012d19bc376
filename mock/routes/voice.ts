import { userOfSocket } from '../auth/authenticate-socket.ts';
import type { Socket, SocketHandler } from '../http/socket.ts';
import type { Mock } from '../mock.ts';
import type { Handlers } from '../operation.ts';
import { findFlow } from '../runs/run-flow.ts';
import { type Conversation, variableOf } from '../voice/conversation.ts';
import { ToolSession } from '../voice/tool-session.ts';
import { TtsSession } from '../voice/tts-session.ts';

/** A key that counts as none. */
const PLACEHOLDER = 'dummy';

const VOICES = [
  { voice_id: 'voice-1', name: 'Ada' },
  { voice_id: 'voice-2', name: 'Grace' },
];

export const voiceRoutes = {
  listElevenLabsVoices: ({ user }, mock) =>
    variableOf(mock, user, 'ELEVENLABS_API_KEY') ? VOICES : { error: 'ElevenLabs API key not found or invalid' },
} satisfies Handlers;

/**
 * The conversation and the user's OpenAI key; undefined without a user or a key. The client gets no message then
 * (VOICE-011).
 */
async function caller(socket: Socket, mock: Mock): Promise<{ conversation: Conversation; key: string } | undefined> {
  const user = await userOfSocket(mock, socket);
  const key = user && variableOf(mock, user, 'OPENAI_API_KEY');
  if (!user || !key) return undefined;
  const { flow_id = '', session_id } = socket.params;
  return {
    key,
    conversation: {
      mock,
      socket,
      user,
      flowId: findFlow(mock, flow_id)?.id ?? flow_id,
      sessionId: session_id ?? mock.clock.uuid(),
    },
  };
}

const connectFlowAsTool: SocketHandler = async (socket, mock) => {
  const found = await caller(socket, mock);
  if (!found) return socket.drop();
  const { conversation, key } = found;
  if (key === PLACEHOLDER) {
    const message = 'OpenAI API key not found. Please set your API key as an env var or a global variable.';
    socket.send({ type: 'error', code: 'api_key_missing', key_name: 'OPENAI_API_KEY', message });
    return socket.drop();
  }
  // The owner of the flow is not checked (VOICE-021).
  const flow = isUuid(conversation.flowId) ? mock.store.flows.get(conversation.flowId) : undefined;
  if (!flow) {
    const why = isUuid(conversation.flowId)
      ? `Flow with id ${socket.params['flow_id']} not found`
      : 'badly formed hexadecimal UUID string';
    socket.send({ error: `Failed to load flow: ${why}` });
    return socket.drop();
  }
  new ToolSession(conversation, flow.description).start();
};

const connectFlowTts: SocketHandler = async (socket, mock) => {
  const found = await caller(socket, mock);
  // Without a usable key the connection ends without a message.
  if (!found || found.key === PLACEHOLDER) return socket.drop();
  new TtsSession(found.conversation).start();
};

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text);

export const voiceSockets = { connectFlowAsTool, connectFlowTts };
