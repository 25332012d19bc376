const NONE = new URLSearchParams();

/** The query of a URL, not to be changed. As in Langflow, a comma separates values: `a=1,2` is `a=1&a=2`. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  if (at === -1) return NONE;
  const query = new URLSearchParams(url.slice(at + 1));
  // The comma may be percent-encoded.
  if (!/,|%2c/i.test(url)) return query;
  if (![...query.values()].some((value) => value.includes(','))) return query;
  return new URLSearchParams(
    [...query].flatMap(([name, value]) => value.split(',').map((one): [string, string] => [name, one])),
  );
}
