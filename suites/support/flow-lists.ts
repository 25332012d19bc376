import { expect } from 'vitest';
import type { FlowJson } from '../../fixtures/build-flow.ts';
import type { QueryOf, Schema } from '../../spec/operations.ts';
import { call, type Malformed } from './call.ts';
import type { As } from './credentials.ts';

/** Lists of flows: the query decides which of the declared forms the response has. */

export type Flow = Schema<'Flow'>;

type Query = QueryOf<'listFlows'> | Malformed;

/** The flows of a user, whole or as headers. */
export const listFlows = async (query: Query = {}, as?: As): Promise<Flow[]> =>
  (await call('listFlows', { query, as }).expectStatus(200)).body as Flow[];

/** A page of the flows of a project. */
export const pageOfFlows = async (query: QueryOf<'listFlows'>, as?: As): Promise<Schema<'FlowPage'>> =>
  (await call('listFlows', { query: { ...query, get_all: false }, as }).expectStatus(200)).body as Schema<'FlowPage'>;

export const idsOf = (list: { id: string }[]): string[] => list.map(({ id }) => id);

/** The first of a list, which must have one. */
export const first = <T>(list: readonly T[]): T => list[0] ?? expect.fail('the list is empty');

/** The fields of a component, by their names. */
export type Template = Record<string, Schema<'ComponentField'>>;

type Component = Omit<FlowJson['data']['nodes'][number]['data']['node'], 'template'> & { template: Template };

/** The component of the first node of a flow. */
export const componentOf = ({ data }: { data?: object | null }): Component =>
  first((data as FlowJson['data']).nodes).data.node as Component;
