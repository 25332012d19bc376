/** The audio format of the realtime API: 16-bit samples, little endian, 24 kHz, one channel. */
const RATE = 24_000;
const FRAME_MS = 20;
const FRAME_BYTES = (RATE * FRAME_MS * 2) / 1000;

export const milliseconds = (bytes: number): number => Math.round((bytes * 1000) / (RATE * 2));

export interface TurnDetection {
  threshold?: number;
  silence_duration_ms?: number;
}

/** Detects the start and end of speech by loudness. Times are positions in the audio, not of the clock. */
export class TurnDetector {
  #rest = Buffer.alloc(0);
  #heardMs = 0;
  #quietMs = 0;
  #speaking = false;

  /** The starts and ends of speech in this audio, each with its millisecond. */
  feed(
    audio: Buffer,
    { threshold = 0.5, silence_duration_ms = 500 }: TurnDetection,
  ): { what: 'started' | 'stopped'; at: number }[] {
    const found: { what: 'started' | 'stopped'; at: number }[] = [];
    this.#rest = Buffer.concat([this.#rest, audio]);
    for (; this.#rest.length >= FRAME_BYTES; this.#rest = this.#rest.subarray(FRAME_BYTES)) {
      const loud = loudness(this.#rest.subarray(0, FRAME_BYTES)) >= threshold;
      this.#quietMs = loud ? 0 : this.#quietMs + FRAME_MS;
      if (loud && !this.#speaking) found.push({ what: 'started', at: this.#heardMs });
      this.#heardMs += FRAME_MS;
      const over = this.#speaking && this.#quietMs >= silence_duration_ms;
      if (over) found.push({ what: 'stopped', at: this.#heardMs });
      this.#speaking = loud || (this.#speaking && !over);
    }
    return found;
  }
}

/** The highest sample, from 0 to 1. */
function loudness(frame: Buffer): number {
  let highest = 0;
  for (let at = 0; at + 1 < frame.length; at += 2) highest = Math.max(highest, Math.abs(frame.readInt16LE(at)));
  return highest / 32_768;
}

const TONE_HZ = 440;
const MS_PER_CHARACTER = 10;
/** Most characters of a text that are turned into audio. */
const MOST_CHARACTERS = 1000;

/** The audio of a text: a tone that is longer for a longer text. */
export function speechOf(text: string): Buffer {
  const samples = (RATE * MS_PER_CHARACTER * Math.min(text.length, MOST_CHARACTERS)) / 1000;
  const audio = Buffer.alloc(samples * 2);
  for (let at = 0; at < samples; at++)
    audio.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * TONE_HZ * at) / RATE)), at * 2);
  return audio;
}

/** The transcript of audio. The mock recognizes no speech. */
export const transcriptOf = (bytes: number): string => `Audio of ${milliseconds(bytes)} ms`;
