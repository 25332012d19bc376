/**
 * `name LIKE 'prefix%'` of SQLite for many names: `%` stands for any text, `_` for one character, and case does not count in ASCII.
 * No regular expression: a prefix of many `%` would backtrack without end.
 */
export function startsLike(prefix: string): (name: string) => boolean {
  const parts = prefix.split('%').map((part) => [...lowered(part)]);
  const [first = [], ...others] = parts;
  return (name) => {
    const characters = [...lowered(name)];
    if (!matchesAt(first, characters, 0)) return false;
    let at = first.length;
    // The earliest place of each part leaves the most room for the next.
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
