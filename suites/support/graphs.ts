/** A flow's graph of one node, of which a server needs to know nothing; with a fraction, which must come back as it was. */
export const GRAPH = { nodes: [{ id: 'ChatInput-a1b2c', type: 'genericNode', position: { x: 1, y: 2.5 }, data: { node: { template: {} } } }], edges: [] };
