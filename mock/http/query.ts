const NONE = new URLSearchParams();

/** The query of a URL, to be read alone. As on Langflow a comma parts values: `a=1,2` is `a=1&a=2`. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  if (at === -1) return NONE;
  const query = new URLSearchParams(url.slice(at + 1));
  // A comma may stand there encoded.
  if (!/,|%2c/i.test(url)) return query;
  if (![...query.values()].some((value) => value.includes(','))) return query;
  return new URLSearchParams([...query].flatMap(([name, value]) => value.split(',').map((one): [string, string] => [name, one])));
}
