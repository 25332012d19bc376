import type { Change } from './collection.ts';

/** The changes of one unit of work, and the unit that it interrupts. */
interface Unit {
  changes: Change[];
  outer: Unit | undefined;
}

/** What the store does with the changes of a unit. */
interface UnitCallbacks {
  /** Makes them durable, all or none. @throws where it can't */
  commit(changes: Change[]): void;
  /** Called when they have been undone in memory. */
  undone(changes: Change[]): void;
}

/**
 * Units of work: synchronous stretches whose changes are made together. When one returns they are durable; when it
 * throws, or they can't be made durable, they are undone in memory, in the old places. So nobody ever sees a change
 * that a restart would lose.
 */
export class UnitsOfWork {
  #current: Unit | undefined;
  readonly #outcome: UnitCallbacks;

  constructor(outcome: UnitCallbacks) {
    this.#outcome = outcome;
  }

  /**
   * Runs `work` as one unit. One that begins within another is committed by itself, whatever becomes of the other: a
   * run that fails leaves its messages. It must not write to a table that the other has changed; that would tie their
   * outcomes.
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

  /** The list that a change to a table is added to. @throws Error outside a unit of work */
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
