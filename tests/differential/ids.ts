/** Ids are others on each side: what one of them was first met beside is what it stands for whenever it is met again. */
export class Ids {
  readonly #real = new Map<string, string>();
  readonly #mock = new Map<string, string>();

  /** Whether the two may be ids of one thing, as far as has been seen; they are from then on. */
  areOne(mock: string, real: string): boolean {
    if (!this.#real.has(mock) && !this.#mock.has(real)) {
      this.#real.set(mock, real);
      this.#mock.set(real, mock);
    }
    return this.#real.get(mock) === real;
  }
}
