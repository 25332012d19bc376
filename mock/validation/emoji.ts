import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The names of Python's `emoji` 2.15 (from Unicode's CLDR), each with the result of `emojize(variant='emoji_type')`.
 */
const NAMES = join(import.meta.dirname, '..', '..', 'fixtures', 'emoji-names.json');

/** Joiners and variation selectors, which make no difference between emoji. */
const INVISIBLE = /[\u200d\ufe0e\ufe0f]/g;

interface EmojiTable {
  named: Map<string, string>;
  /** Every emoji without its invisible characters, and the length of the longest one. */
  plain: Set<string>;
  longest: number;
}

let table: EmojiTable | undefined;

/** Loads the table at the first call. */
function emojiTable(): EmojiTable {
  if (!table) {
    const named = new Map<string, string>(Object.entries(JSON.parse(readFileSync(NAMES, 'utf8'))));
    const plain = new Set([...named.values()].map((emoji) => emoji.replaceAll(INVISIBLE, '')));
    table = { named, plain, longest: Math.max(...[...plain].map((emoji) => [...emoji].length)) };
  }
  return table;
}

/** Replaces `:rocket:` in a text by the emoji. Unknown names stay. */
export function emojize(text: string): string {
  return text.replaceAll(
    /:([\p{L}\p{N}_\-&.’”“()!#*+,/«»]+):/gu,
    (all, name: string) => emojiTable().named.get(name.normalize('NFKC')) ?? all,
  );
}

/** Whether the text consists of emoji only. */
export function isPurelyEmoji(text: string): boolean {
  const { plain, longest } = emojiTable();
  const characters = [...text.replaceAll(INVISIBLE, '')];
  let at = 0;
  while (at < characters.length) {
    let length = Math.min(longest, characters.length - at);
    while (length > 0 && !plain.has(characters.slice(at, at + length).join(''))) length -= 1;
    if (length === 0) return false;
    at += length;
  }
  return true;
}
