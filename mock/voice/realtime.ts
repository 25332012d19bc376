import type { Clock } from '../clock.ts';
import { eventErrorOf } from './event-errors.ts';
import { type TurnDetection, TurnDetector, transcriptOf } from './speech.ts';
import { type Item, type Turn, turnEvents } from './turn.ts';

/** An event of the realtime API, in either direction. */
export interface RealtimeEvent {
  type: string;
  [field: string]: unknown;
}

type SendEvent = (event: RealtimeEvent) => void;

/** Audio with fewer bytes counts as none. */
const LEAST_BYTES = 1;

/**
 * Replaces OpenAI's realtime API: no network, no model, the same response to the same input. It calls the tool with the
 * user's words, then speaks the tool's result. Without a tool it speaks the user's words.
 */
export class Realtime {
  readonly #clock: Clock;
  readonly #send: SendEvent;
  /** `transcription_session` only listens. */
  readonly #kind: 'session' | 'transcription_session';
  #session: Record<string, unknown>;
  #audioBytes = 0;
  #detector = new TurnDetector();
  #speakingItem = '';
  readonly #items: Item[] = [];

  constructor(clock: Clock, kind: 'session' | 'transcription_session', send: SendEvent) {
    this.#clock = clock;
    this.#kind = kind;
    this.#send = send;
    const listening = {
      input_audio_format: 'pcm16',
      input_audio_transcription: null,
      turn_detection: { type: 'server_vad' },
    };
    const talking = {
      model: 'gpt-4o-mini-realtime-preview',
      modalities: ['text', 'audio'],
      instructions: '',
      voice: 'alloy',
      output_audio_format: 'pcm16',
    };
    const extra = kind === 'session' ? { ...talking, tools: [], tool_choice: 'auto', temperature: 0.8 } : {};
    this.#session = { id: this.#id('sess'), object: `realtime.${kind}`, ...listening, ...extra };
  }

  open(): void {
    this.#say(`${this.#kind}.created`, { session: this.#session });
  }

  /** Handles an event synchronously. */
  receive(event: RealtimeEvent): void {
    const error = eventErrorOf(event);
    if (error) this.#refuse(error.code, error.message, event, error.param);
    else this.#take(event);
  }

  #take(event: RealtimeEvent): void {
    switch (event.type) {
      case `${this.#kind}.update`:
        this.#session = { ...this.#session, ...(event['session'] as object) };
        this.#say(`${this.#kind}.updated`, { session: this.#session });
        break;
      case 'input_audio_buffer.append':
        this.#hear(Buffer.from(String(event['audio']), 'base64'));
        break;
      case 'input_audio_buffer.commit':
        this.#commit(this.#id('item'));
        break;
      case 'input_audio_buffer.clear':
        this.#audioBytes = 0;
        this.#say('input_audio_buffer.cleared');
        break;
      case 'conversation.item.create':
        this.#addItem({ ...(event['item'] as Item) });
        break;
      case 'response.create':
        this.#respond(event['response'] as Turn['options']);
        break;
      case 'response.cancel':
        this.#refuse('response_cancel_not_active', 'Cancellation failed: no active response found', event);
        break;
      default:
        this.#refuse('invalid_value', `Invalid value: '${event.type}'.`, event);
        break;
    }
  }

  #id(prefix: string): string {
    return `${prefix}_${this.#clock.uuid().replaceAll('-', '').slice(0, 21)}`;
  }

  #say(type: string, fields: object = {}): void {
    this.#send({ type, event_id: this.#id('event'), ...fields });
  }

  #refuse(code: string, message: string, event: RealtimeEvent, param: string | null = null): void {
    this.#say('error', {
      error: { type: 'invalid_request_error', code, message, param, event_id: event['event_id'] ?? null },
    });
  }

  #hear(audio: Buffer): void {
    this.#audioBytes += audio.length;
    const detection = this.#session['turn_detection'] as (TurnDetection & { type?: string }) | null;
    if (detection?.type !== 'server_vad') return;
    for (const { what, at } of this.#detector.feed(audio, detection)) {
      if (what === 'started') {
        this.#speakingItem = this.#id('item');
        this.#say('input_audio_buffer.speech_started', { audio_start_ms: at, item_id: this.#speakingItem });
      } else {
        this.#say('input_audio_buffer.speech_stopped', { audio_end_ms: at, item_id: this.#speakingItem });
        this.#commit(this.#speakingItem);
        if (this.#kind === 'session') this.#respond(undefined);
      }
    }
  }

  #commit(id: string): void {
    if (this.#audioBytes < LEAST_BYTES) {
      this.#refuse('input_audio_buffer_commit_empty', 'Error committing input audio buffer: the buffer is empty.', {
        type: '',
      });
      return;
    }
    const transcript = transcriptOf(this.#audioBytes);
    this.#audioBytes = 0;
    this.#say('input_audio_buffer.committed', { previous_item_id: this.#items.at(-1)?.id ?? null, item_id: id });
    this.#addItem(
      { id, type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: null }] },
      transcript,
    );
    this.#say('conversation.item.input_audio_transcription.completed', { item_id: id, content_index: 0, transcript });
  }

  /** @param heard the words of an audio item, which its content does not have yet */
  #addItem(item: Item, heard?: string): void {
    const previous_item_id = this.#items.at(-1)?.id ?? null;
    const full = { object: 'realtime.item', status: 'completed', ...item, id: item.id ?? this.#id('item') };
    this.#items.push(heard === undefined ? full : { ...full, content: [{ type: 'input_text', text: heard }] });
    this.#say('conversation.item.created', { previous_item_id, item: full });
  }

  #respond(options: Turn['options']): void {
    const turn: Turn = { options, session: this.#session, items: this.#items, id: (prefix) => this.#id(prefix) };
    const { events, item } = turnEvents(turn);
    this.#items.push(item);
    for (const { type, ...fields } of events) this.#say(type, fields);
  }
}
