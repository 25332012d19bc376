import { type Conversation, configOf, keepMessage, onEvents, respondLater, variableOf } from './conversation.ts';
import { runVoiceRequest } from './flow-run.ts';
import { Realtime, type RealtimeEvent } from './realtime.ts';
import { speechOf } from './speech.ts';

/** Audio with fewer characters of base64 starts no turn. */
const LEAST_AUDIO = 100;
/** The fields of the session that a client may set. The server sets all others (VOICE-033). */
const CLIENTS_OWN = ['voice', 'temperature', 'turn_detection', 'input_audio_transcription'];
const INSTRUCTIONS =
  'Answer what the user asks with what execute_flow comes to, given the whole question. Say so before you call it, and sum up what it said.';

type Session = Record<string, unknown>;
type Content = { type: string; transcript?: string }[];

interface FlowCall {
  callId: unknown;
  arguments: string;
  done: boolean;
}

/**
 * A voice session whose model has the flow as a tool. The model's events go to the client; its tool calls run the flow.
 */
export class ToolSession {
  readonly #conversation: Conversation;
  readonly #realtime: Realtime;
  readonly #own: Session;
  #session: Session;
  #audio = 0;
  #call: FlowCall | undefined;
  readonly #waiting: { event: RealtimeEvent; blocks: boolean }[] = [];
  /** Whether a response is in progress. Further events to the model wait. */
  #blocked = false;
  #sending = false;

  constructor(conversation: Conversation, description: string | null) {
    this.#conversation = conversation;
    this.#realtime = new Realtime(conversation.mock.clock, 'session', (event) => this.#fromModel(event));
    this.#own = ownSession(description);
    this.#session = this.#own;
  }

  start(): void {
    this.#realtime.open();
    this.#updateSession(this.#own);
    onEvents(this.#conversation.socket, (event) => this.#fromClient(event as RealtimeEvent));
  }

  get #config() {
    return configOf(this.#conversation.mock, this.#conversation.sessionId);
  }

  #fromClient(event: RealtimeEvent): void {
    switch (event.type) {
      case 'input_audio_buffer.append':
        this.#hear(event);
        break;
      case 'input_audio_buffer.commit':
        this.#commit(event);
        break;
      case 'response.create':
        this.#createResponse(event);
        break;
      case 'session.update':
        this.#updateSession(merged(this.#own, event['session'] as Session));
        break;
      case 'langflow.voice_mode.config':
        this.#config.progress = event['progress_enabled'] !== false;
        break;
      case 'langflow.elevenlabs.config':
        this.#config.elevenLabs = event['enabled'] === true;
        this.#updateSession({ ...this.#session, modalities: this.#config.elevenLabs ? ['text'] : ['audio', 'text'] });
        break;
      default:
        this.#toModel(event);
        break;
    }
  }

  #commit(event: RealtimeEvent): void {
    if (this.#audio <= LEAST_AUDIO) return;
    this.#audio = 0;
    this.#toModel(event);
  }

  #hear({ audio }: RealtimeEvent): void {
    if (typeof audio !== 'string' || audio === '') return;
    this.#audio += audio.length;
    this.#toModel({ type: 'input_audio_buffer.append', audio });
  }

  #updateSession(session: Session): void {
    this.#session = session;
    this.#toModel({ type: 'session.update', session });
  }

  #createResponse(event?: RealtimeEvent): void {
    const options = { ...(event?.['response'] as object), ...(this.#config.elevenLabs && { modalities: ['text'] }) };
    this.#toModel(
      { ...event, type: 'response.create', ...(Object.keys(options).length > 0 && { response: options }) },
      true,
    );
  }

  /** Sends an event to the model, in order, after the response in progress. */
  #toModel(event: RealtimeEvent, blocks = false): void {
    this.#waiting.push({ event, blocks });
    if (this.#sending) return;
    this.#sending = true;
    while (!this.#blocked && this.#waiting.length > 0) {
      const next = this.#waiting.shift() as { event: RealtimeEvent; blocks: boolean };
      this.#blocked = next.blocks;
      this.#realtime.receive(next.event);
    }
    this.#sending = false;
  }

  #fromModel(event: RealtimeEvent): void {
    const { type } = event;
    const { elevenLabs } = this.#config;
    if (type === 'response.output_item.done') this.#keepSpoken(event['item'] as { content?: Content });
    if (type === 'conversation.item.input_audio_transcription.completed')
      keepMessage(this.#conversation, 'User', event['transcript']);
    // With a voice of ElevenLabs, the response ends when that voice has spoken.
    if (!(elevenLabs && type === 'response.done')) this.#conversation.socket.send(event);
    if (type === 'response.done') this.#blocked = false;
    if (type === 'response.text.done' && elevenLabs) this.#speak(event);
    if (type === 'response.output_item.added') this.#beginCall(event['item'] as Record<string, unknown>);
    if (type === 'response.function_call_arguments.delta' && this.#call) this.#call.arguments += String(event['delta']);
    if (type === 'response.function_call_arguments.done') this.#runCall();
  }

  #keepSpoken({ content }: { content?: Content }): void {
    keepMessage(this.#conversation, 'AI', content?.find(({ type }) => type === 'audio')?.transcript);
  }

  #speak({ text, response_id }: RealtimeEvent): void {
    const { socket, mock, user } = this.#conversation;
    keepMessage(this.#conversation, 'AI', text);
    if (variableOf(mock, user, 'ELEVENLABS_API_KEY')) {
      socket.send({ type: 'response.audio.delta', delta: speechOf(String(text)).toString('base64'), response_id });
      socket.send({ type: 'response.audio.done', response_id });
    }
    socket.send({ type: 'response.done', response: { id: response_id } });
  }

  #beginCall(item: Record<string, unknown>): void {
    if (item['type'] === 'function_call' && this.#call?.done !== false)
      this.#call = { callId: item['call_id'], arguments: '', done: false };
  }

  #runCall(): void {
    const call = this.#call;
    if (!call) return;
    if (this.#config.progress) {
      const text = `Say in a few words that you are looking into this: ${call.arguments}`;
      this.#toModel({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'system', content: [{ type: 'input_text', text }] },
      });
      this.#createResponse();
    }
    respondLater(this.#conversation, (signal) => this.#answerCall(call, signal));
  }

  async #answerCall(call: FlowCall, signal: AbortSignal): Promise<void> {
    const { mock, socket, user, flowId } = this.#conversation;
    const { input } = JSON.parse(call.arguments || '{}') as { input?: string };
    const progress = (data: object) => socket.send({ type: 'flow.build.progress', data });
    // Each connection is a session of its own for the flow, whatever the id of the conversation.
    const texts = await runVoiceRequest(
      mock,
      { flowId, user, input: input ?? '', sessionId: mock.clock.uuid(), progress },
      signal,
    );
    if (!texts) return;
    this.#toModel({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call.callId, output: texts.join('') },
    });
    this.#createResponse();
    call.done = true;
  }
}

function ownSession(description: string | null): Session {
  const input = { type: 'string', description: 'What the flow is asked' };
  return {
    modalities: ['text', 'audio'],
    instructions: INSTRUCTIONS,
    voice: 'echo',
    temperature: 0.8,
    input_audio_format: 'pcm16',
    output_audio_format: 'pcm16',
    turn_detection: { type: 'server_vad', threshold: 0.1, prefix_padding_ms: 100, silence_duration_ms: 300 },
    input_audio_transcription: { model: 'whisper-1' },
    tools: [
      {
        type: 'function',
        name: 'execute_flow',
        description: description || 'Execute the flow with the given input',
        parameters: { type: 'object', properties: { input }, required: ['input'] },
      },
    ],
    tool_choice: 'auto',
  };
}

function merged(own: Session, asked: Session | undefined): Session {
  const chosen = Object.entries(asked ?? {}).filter(([name]) => CLIENTS_OWN.includes(name));
  const more = asked?.['instructions'];
  return {
    ...own,
    ...Object.fromEntries(chosen),
    ...(typeof more === 'string' && { instructions: `${own['instructions']}\n${more}` }),
  };
}
