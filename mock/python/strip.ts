/** Python's `strip` and `rstrip`. `/_+$/` would give the same, but in quadratic time. */

export function rstrip(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}

export function strip(text: string, signs: string): string {
  let start = 0;
  while (start < text.length && signs.includes(text[start] as string)) start += 1;
  return rstrip(text.slice(start), signs);
}
