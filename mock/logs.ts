/** One line of the mock's own log. GET /logs returns the newest ones (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE). */
export interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  text: string;
}

/** Longest text of a line, which may quote a request. */
const MOST_CHARACTERS = 10_000;

export class LogBuffer {
  readonly #size: number;
  readonly #now: () => Date;
  readonly #lines: LogLine[] = [];
  readonly #readers = new Set<(line: LogLine) => void>();

  /** @param size how many lines are kept; 0 for none */
  constructor(size: number, now: () => Date) {
    this.#size = size;
    this.#now = now;
  }

  /** How many lines are kept. */
  get size(): number {
    return this.#size;
  }

  get enabled(): boolean {
    return this.#size > 0;
  }

  write(text: string): void {
    if (!this.enabled) return;
    const line = { at: this.#now().getTime(), text: text.slice(0, MOST_CHARACTERS) };
    this.#lines.push(line);
    if (this.#lines.length > this.#size) this.#lines.shift();
    for (const listener of this.#readers) listener(line);
  }

  last(count: number): LogLine[] {
    return this.#lines.slice(-count);
  }

  from(at: number, count: number): LogLine[] {
    const first = this.#indexFrom(at);
    return first === -1 ? [] : this.#lines.slice(first, first + count);
  }

  before(at: number, count: number): LogLine[] {
    const end = this.#indexFrom(at);
    return end === -1 ? this.last(count) : this.#lines.slice(Math.max(end - count, 0), end);
  }

  /** Calls `listener` with each new line, until the returned function is called. */
  follow(listener: (line: LogLine) => void): () => void {
    this.#readers.add(listener);
    return () => this.#readers.delete(listener);
  }

  #indexFrom(at: number): number {
    return this.#lines.findIndex((line) => line.at >= at);
  }
}
