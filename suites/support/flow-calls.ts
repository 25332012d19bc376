import type { BodyOf } from '../../spec/operations.ts';
import type { Malformed } from './call.ts';
import { call, uniqueName } from './index.ts';

export const read = (flow_id: string) => call('readFlow', { path: { flow_id } });

export const update = (flow_id: string, body: BodyOf<'updateFlow'> | Malformed) =>
  call('updateFlow', { path: { flow_id }, body });

/** An endpoint name that no other flow has. */
export const endpoint = () => uniqueName('ep').replaceAll(' ', '-').concat('-x');
