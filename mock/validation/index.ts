export function parseJson(bytes: Buffer): unknown { return JSON.parse(bytes.toString('utf8')); }
export function compileRequest(_operation: any, _document: any): (request: any) => any {
  return ({ params, query, body }) => ({ values: { params, query: Object.fromEntries(query), body } });
}
