/** Pairs the ids of both sides: an id stands for the id that it was first compared with. */
export class Ids {
  readonly #real = new Map<string, string>();
  readonly #mock = new Map<string, string>();

  /** Whether the two may be ids of the same thing, by the pairs so far; from then on they are a pair. */
  areOne(mock: string, real: string): boolean {
    if (!this.#real.has(mock) && !this.#mock.has(real)) {
      this.#real.set(mock, real);
      this.#mock.set(real, mock);
    }
    return this.#real.get(mock) === real;
  }
}
