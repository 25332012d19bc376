/** The query of a URL. As on Langflow a comma parts values: `a=1,2` is `a=1&a=2`. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  if (at === -1) return new URLSearchParams();
  const query = new URLSearchParams(url.slice(at + 1));
  if (![...query.values()].some((value) => value.includes(','))) return query;
  return new URLSearchParams([...query].flatMap(([name, value]) => value.split(',').map((one): [string, string] => [name, one])));
}
