import { expect, test } from 'vitest';
import { queryOf } from '../../../mock/http/query.ts';

test.each([
  ['/flows', []],
  ['/flows?', []],
  [
    '/flows?page=1&page=2',
    [
      ['page', '1'],
      ['page', '2'],
    ],
  ],
  // A comma separates values, plain or encoded, as on Langflow.
  [
    '/flows?tags=a,b',
    [
      ['tags', 'a'],
      ['tags', 'b'],
    ],
  ],
  [
    '/flows?tags=a%2cb&x=1',
    [
      ['tags', 'a'],
      ['tags', 'b'],
      ['x', '1'],
    ],
  ],
  // A comma in a name separates nothing.
  ['/flows?a,b=1', [['a,b', '1']]],
  ['/flows?q=caf%C3%A9+noir', [['q', 'café noir']]],
])('queryOf(%s)', (url, pairs) => {
  expect([...queryOf(url)]).toEqual(pairs);
});
