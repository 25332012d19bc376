import { exampleFlows } from '../flows/examples.ts';
import type { Handlers, JsonResponse } from '../operation.ts';

type Project = JsonResponse<'listStarterProjects'>[number];
type Data = Project['data'];

export const starterProjectRoutes = {
  listStarterProjects: async (_, mock) =>
    (await exampleFlows(mock)).map(({ data }) => projectOf(data?.value as unknown as Data)),
} satisfies Handlers;

/** A graph that was made by code, in Langflow's form: without positions and without a name. */
const projectOf = ({ nodes, edges }: Data): Project => ({
  data: {
    nodes: nodes.map(({ data, id }) => ({ data, id })),
    edges: edges.map(({ source, target, data }) => ({ source, target, ...(data && { data }) })),
    viewport: null,
  },
  is_component: false,
  name: null,
  description: null,
  endpoint_name: 'None',
});
