import type { Change } from './collection.ts';

/** The changes of a unit of work, and the unit around it. */
interface Unit {
  changes: Change[];
  outer: Unit | undefined;
}

/** What the store does with the changes of a unit. */
interface UnitCallbacks {
  /** Makes them durable, all or none. @throws Error if that fails */
  commit(changes: Change[]): void;
  /** Called after they were undone in memory. */
  undone(changes: Change[]): void;
}

/**
 * Units of work: synchronous functions whose changes are made together. The changes are durable when the function
 * returns. If it throws, or they can't be made durable, they are undone in memory, with each row in its old place. So
 * no response shows a change that a restart would lose.
 */
export class UnitsOfWork {
  #current: Unit | undefined;
  readonly #outcome: UnitCallbacks;

  constructor(outcome: UnitCallbacks) {
    this.#outcome = outcome;
  }

  /**
   * Runs `work` as one unit. A nested unit is committed by itself, whatever happens to the outer one: a run that fails
   * leaves its messages. It must not change a table that the outer one has changed, since then one could not be undone
   * without the other.
   */
  run<Result>(work: () => Result): Result {
    const unit: Unit = { changes: [], outer: this.#current };
    this.#current = unit;
    try {
      const result = work();
      if (result instanceof Promise && unit.changes.length > 0) {
        result.catch(() => undefined);
        throw new Error(
          'A unit of work is synchronous: what is written before or after an await needs a unit of its own',
        );
      }
      if (unit.changes.length > 0) this.#outcome.commit(unit.changes);
      return result;
    } catch (error) {
      this.#undo(unit);
      throw error;
    } finally {
      this.#current = unit.outer;
    }
  }

  /** The list to which a change to a table is added. @throws Error outside a unit of work */
  changesTo(table: string): Change[] {
    const unit = this.#current;
    if (!unit) throw new Error(`A change to ${table} outside a unit of work: see unitOfWork in mock/store/store.ts`);
    for (let { outer } = unit; outer; outer = outer.outer) {
      if (outer.changes.some((change) => change.table === table))
        throw new Error(`A change to ${table} within a unit of work that has changed it already`);
    }
    return unit.changes;
  }

  #undo({ changes }: Unit): void {
    for (const change of changes.toReversed()) change.undo();
    this.#outcome.undone(changes);
  }
}
