import { expectTypeOf } from 'vitest';
import { call, callById, malformed } from '../../suites/support/call.ts';
import { stream } from '../../suites/support/stream.ts';

/**
 * What a suite can't misspell. This file is compiled, never run: `tsc` wants an error below each `@ts-expect-error`,
 * and none anywhere else.
 */
export async function requests(): Promise<void> {
  const path = { flow_id: 'an id' };
  call('readFlow', { path });
  call('listFlows');
  call('listFlows', { query: { page: 2, folder_id: undefined }, as: 'bob' });
  call('createFlow', { body: { name: 'a flow', tags: ['a'] } });
  stream('runFlow', { path: { flow_id_or_name: 'an id' }, query: { stream: true }, body: { input_value: 'hello' } });

  // @ts-expect-error no operation has this id
  call('readFlows', { path });
  // @ts-expect-error the path needs its parameter
  call('readFlow');
  // @ts-expect-error the path has no such parameter
  call('readFlow', { path: { id: 'an id' } });
  // @ts-expect-error the path has no parameter
  call('listFlows', { path });
  // @ts-expect-error the query has no such parameter
  call('listFlows', { query: { pages: 2 } });
  // @ts-expect-error the parameter is a number
  call('listFlows', { query: { page: 'two' } });
  // @ts-expect-error the body has no such member
  call('createFlow', { body: { name: 'a flow', tag: ['a'] } });
  // @ts-expect-error the member is a text
  call('createFlow', { body: { name: 1 } });
  // @ts-expect-error the body needs its name
  call('createFlow', { body: {} });
  // @ts-expect-error the operation takes no body
  call('listFlows', { body: {} });
  // @ts-expect-error no operation has this id
  stream('runFlows', { path: { flow_id_or_name: 'an id' } });
  // @ts-expect-error the body has no such member
  stream('runFlow', { path: { flow_id_or_name: 'an id' }, body: { input: 'hello' } });

  // A malformed part is wrapped; the rest of the request is still checked.
  call('createFlow', { body: malformed({ name: 1 }) });
  call('listFlows', { query: malformed({ page: 'two' }) });
  // @ts-expect-error the path needs its parameter
  call('updateFlow', { body: malformed({ name: 1 }) });
  // An operation that is chosen at run time has no types.
  callById('no operation' as string, { path: { any: 'thing' } });
}

/** The expected status gives the type of the body. */
export async function responses(): Promise<void> {
  const { body } = await call('readFlow', { path: { flow_id: 'an id' } }).expectStatus(200);
  expectTypeOf(body.name).toEqualTypeOf<string>();
  // @ts-expect-error a flow has no such member
  body.nam;
  const refused = await call('readFlow', { path: { flow_id: 'an id' } }).expectStatus(404);
  expectTypeOf(refused.body.detail).toEqualTypeOf<string>();
  const failed = await call('runFlow', { path: { flow_id_or_name: 'an id' } }).expectStatus(500);
  expectTypeOf(failed.body.detail).toEqualTypeOf<string | undefined>();
}
