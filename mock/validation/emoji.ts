import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The names of Python's `emoji` 2.15 (those of Unicode's CLDR), each with the emoji that `emojize(variant='emoji_type')` makes of it. */
const NAMES = join(import.meta.dirname, '..', '..', 'fixtures', 'emoji-names.json');

/** Joiners and variation selectors: an emoji with or without them is the same one. */
const INVISIBLE = /[\u200d\ufe0e\ufe0f]/g;

interface EmojiTable {
  named: Map<string, string>;
  /** Every emoji without its invisible characters, and the most characters that one has. */
  plain: Set<string>;
  longest: number;
}

let table: EmojiTable | undefined;

/** Read with the first name that is asked for. */
function emojiTable(): EmojiTable {
  if (!table) {
    const named = new Map<string, string>(Object.entries(JSON.parse(readFileSync(NAMES, 'utf8'))));
    const plain = new Set([...named.values()].map((emoji) => emoji.replaceAll(INVISIBLE, '')));
    table = { named, plain, longest: Math.max(...[...plain].map((emoji) => [...emoji].length)) };
  }
  return table;
}

/** `:rocket:` in a text becomes the emoji; a name that is none stays. */
export function emojize(text: string): string {
  return text.replaceAll(/:([\p{L}\p{N}_\-&.’”“()!#*+,/«»]+):/gu, (all, name: string) => emojiTable().named.get(name.normalize('NFKC')) ?? all);
}

/** Whether the text is emoji and nothing else. */
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
