/** A graph of one node that needs no known component; its fraction must come back unchanged. */
export const GRAPH = {
  nodes: [{ id: 'ChatInput-a1b2c', type: 'genericNode', position: { x: 1, y: 2.5 }, data: { node: { template: {} } } }],
  edges: [],
};

/** A template with fields that are secret by their name and type, and one that is not. */
export const SECRET_FIELDS = {
  _type: 'Component',
  key: { name: 'openai_api_key', password: true, value: 'sk-1' },
  token: { name: 'api_token', password: true, value: 't' },
  password: { name: 'password', password: true, value: 'kept' },
  plain: { name: 'model', value: 'kept' },
};
