/**
 * SQLite's `name LIKE 'prefix%'`, for many names: `%` matches any text, `_` one character, and ASCII letters match in
 * both cases. Not a regular expression, since a prefix with many `%` would backtrack without end.
 */
export function startsLike(prefix: string): (name: string) => boolean {
  const parts = prefix.split('%').map((part) => [...lowered(part)]);
  const [first = [], ...others] = parts;
  return (name) => {
    const characters = [...lowered(name)];
    if (!matchesAt(first, characters, 0)) return false;
    let at = first.length;
    // The earliest match of each part leaves the most text for the next.
    for (const part of others) {
      while (at + part.length <= characters.length && !matchesAt(part, characters, at)) at += 1;
      if (at + part.length > characters.length) return false;
      at += part.length;
    }
    return true;
  };
}

const lowered = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

function matchesAt(part: string[], characters: string[], at: number): boolean {
  if (at + part.length > characters.length) return false;
  return part.every((character, index) => character === '_' || character === characters[at + index]);
}
