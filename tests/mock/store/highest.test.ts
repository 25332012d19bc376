import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyOf } from '../../../mock/store/copies.ts';
import { HighestIndex } from '../../../mock/store/indexes.ts';

const NAMES = ['a', 'a (1)', 'a (1) (2)', 'b (2)', 'a (٣)', 'a (10)\n', 'a (x)', 'b (30)'];

test('the highest number of a group is that of a look at all rows, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...NAMES), fc.boolean())), (steps) => {
      const index = new HighestIndex<{ name: string }>({
        columns: ['name'],
        of: ({ name }) => {
          const copy = copyOf(name);
          return copy && { group: copy.of, number: copy.number };
        },
      });
      const entries: { row: { name: string }; place: number }[] = [];
      for (const [isNew, name, looks] of steps) {
        if (isNew) {
          entries.push({ row: { name }, place: entries.length });
          index.add(entries.at(-1) as (typeof entries)[number]);
        } else {
          const [gone] = entries.splice(0, 1);
          if (gone) index.remove(gone);
        }
        if (!looks) continue;
        for (const group of ['a', 'b', 'a (1)']) {
          let highest = 0n;
          for (const copy of entries.map((entry) => copyOf(entry.row.name)))
            if (copy?.of === group && copy.number > highest) highest = copy.number;
          expect(index.get(group)).toBe(highest);
        }
      }
    }),
  );
});
