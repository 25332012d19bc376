/** Thrown for a template that Python's str.format refuses, with Python's message. */
export class FormatError extends Error {
  override name = 'FormatError';
}

/** The field names of a template, each once, in order of appearance. @throws FormatError */
export function fieldNames(template: string): string[] {
  const names = new Set<string>();
  const reader = new Reader(template);
  while (!reader.done) {
    const name = nextField(reader);
    if (name) names.add(name);
  }
  return [...names];
}

class Reader {
  private readonly characters: string[];
  private at = 0;
  constructor(text: string) {
    this.characters = [...text];
  }
  get done(): boolean {
    return this.at >= this.characters.length;
  }
  peek(): string | undefined {
    return this.characters[this.at];
  }
  next(): string | undefined {
    return this.characters[this.at++];
  }
}

/** Reads to the end of the next field, or of a doubled brace, which is a literal brace. */
function nextField(reader: Reader): string | undefined {
  while (!reader.done) {
    const brace = reader.next();
    if (brace !== '{' && brace !== '}') continue;
    if (reader.peek() === brace) {
      reader.next();
      return undefined;
    }
    if (brace === '}' || reader.done) throw new FormatError(`Single '${brace}' encountered in format string`);
    return readField(reader);
  }
  return undefined;
}

/** Reads `name`, `name!conversion` or `name:specification` up to the closing brace. */
function readField(reader: Reader): string {
  let name = '';
  for (;;) {
    const character = reader.next();
    if (character === undefined) throw new FormatError("expected '}' before end of string");
    if (character === '{') throw new FormatError("unexpected '{' in field name");
    if (character === '}') return name;
    if (character === '!' && readConversion(reader)) return name;
    if (character === '!' || character === ':') {
      skipSpecification(reader);
      return name;
    }
    name += character;
    if (character === '[') while (!reader.done && reader.peek() !== ']') name += reader.next();
  }
}

/** Whether the field ends with the conversion. */
function readConversion(reader: Reader): boolean {
  if (reader.done) throw new FormatError('end of string while looking for conversion specifier');
  reader.next();
  if (reader.done) return false;
  const after = reader.next();
  if (after !== '}' && after !== ':') throw new FormatError("expected ':' after conversion specifier");
  return after === '}';
}

function skipSpecification(reader: Reader): void {
  for (let open = 1; open > 0; ) {
    const character = reader.next();
    if (character === undefined) throw new FormatError("unmatched '{' in format spec");
    if (character === '{') open += 1;
    if (character === '}') open -= 1;
  }
}
