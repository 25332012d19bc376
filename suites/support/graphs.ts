/** A graph of one node that needs no known component; its fraction must come back unchanged. */
export const GRAPH = {
  nodes: [{ id: 'ChatInput-a1b2c', type: 'genericNode', position: { x: 1, y: 2.5 }, data: { node: { template: {} } } }],
  edges: [],
};
