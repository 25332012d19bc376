import { type Conversation, configOf, onEvents, respondLater, variableOf } from './conversation.ts';
import { runVoiceRequest } from './flow-run.ts';
import { Realtime, type RealtimeEvent } from './realtime.ts';
import { speechOf } from './speech.ts';

/**
 * A voice session without a model: the user's words are the flow's input, and the text of its last component is spoken.
 */
export class TtsSession {
  readonly #conversation: Conversation;
  readonly #realtime: Realtime;
  #silent = false;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#realtime = new Realtime(conversation.mock.clock, 'transcription_session', (event) => this.#fromModel(event));
  }

  start(): void {
    this.#realtime.open();
    this.#realtime.receive({
      type: 'transcription_session.update',
      session: {
        input_audio_format: 'pcm16',
        input_audio_transcription: { model: 'gpt-4o-transcribe', language: 'en' },
        turn_detection: { type: 'server_vad', threshold: 0.1, prefix_padding_ms: 100, silence_duration_ms: 300 },
        input_audio_noise_reduction: { type: 'near_field' },
        include: [],
      },
    });
    onEvents(this.#conversation.socket, (event) => this.#fromClient(event as RealtimeEvent));
  }

  /** Handles an event of the client. Unknown types are ignored. */
  #fromClient(event: RealtimeEvent): void {
    const { type } = event;
    if (type === 'input_audio_buffer.append' && event['audio']) this.#realtime.receive({ type, audio: event['audio'] });
    if (type === 'input_audio_buffer.commit') this.#realtime.receive(event);
    if (type === 'langflow.elevenlabs.config') this.#config.elevenLabs = event['enabled'] === true;
  }

  get #config() {
    return configOf(this.#conversation.mock, this.#conversation.sessionId);
  }

  #fromModel(event: RealtimeEvent): void {
    if (this.#silent) return;
    this.#conversation.socket.send(event);
    const { type, transcript } = event;
    if (
      type !== 'conversation.item.input_audio_transcription.completed' ||
      typeof transcript !== 'string' ||
      transcript === ''
    )
      return;
    respondLater(this.#conversation, (signal) => this.#respond(transcript, signal));
  }

  async #respond(input: string, signal: AbortSignal): Promise<void> {
    const { mock, socket, user, flowId, sessionId } = this.#conversation;
    // Without the flow, a real server sends nothing more (VOICE-055).
    this.#silent = mock.store.flows.get(flowId) === undefined;
    if (this.#silent) return;
    const progress = (data: object) => socket.send({ type: 'flow.build.progress', data });
    const said = (await runVoiceRequest(mock, { flowId, user, input, sessionId, progress }, signal))?.at(-1);
    const mute = this.#config.elevenLabs && !variableOf(mock, user, 'ELEVENLABS_API_KEY');
    if (said && !mute) socket.send({ type: 'response.audio.delta', delta: speechOf(said).toString('base64') });
  }
}
