import { buildFlow, type FlowEdge, type FlowJson, type FlowNode } from '../../fixtures/build-flow.ts';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { catalogue, given } from './index.ts';

export type Graph = FlowJson['data'];

/** A flow that returns its input, with an error in its graph. */
export async function givenBroken(
  change: (data: Graph, node: FlowNode, edge: FlowEdge) => unknown,
): Promise<{ id: string }> {
  const { data } = buildFlow(echo, await catalogue());
  const [[node], [edge]] = [data.nodes, data.edges];
  if (!node || !edge) throw new Error('the flow echo has no node or no edge');
  change(data, node, edge);
  return given.flow({ data });
}
