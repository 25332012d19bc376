import { reprOfNumber } from '../python/repr.ts';
import { hasBreak, writeScalar } from './pyyaml-scalar.ts';

/** What a value stands in: its indentation, and the column after the `-` or `key:` before it. */
interface Place {
  indent: number;
  column: number;
  /** A list below a key is not indented. */
  belowKey: boolean;
}

/** A value of JSON as PyYAML's `dump(value, default_flow_style=False, allow_unicode=True)` writes it. */
export function pyYaml(value: object): string {
  const below: Place = { indent: -2, column: -1, belowKey: false };
  return `${writeNode(value, below).trimStart()}\n`;
}

function writeNode(value: unknown, place: Place): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []' : writeList(value, place);
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? ' {}' : writeMap(value as Record<string, unknown>, place);
  if (typeof value === 'string')
    return ` ${writeScalar(value, { column: place.column + 1, indent: place.indent + 2 })}`;
  return ` ${typeof value === 'number' ? float(value) : String(value ?? null)}`;
}

function writeList(list: unknown[], { indent, belowKey }: Place): string {
  const own = belowKey ? indent : indent + 2;
  const items = list.map((item) => `-${writeNode(item, { indent: own, column: own + 1, belowKey: false })}`);
  return lines(items, own, belowKey);
}

function writeMap(map: Record<string, unknown>, { indent, belowKey }: Place): string {
  const own = indent + 2;
  // Python orders names by their characters.
  const names = Object.keys(map).sort();
  return lines(
    names.map((name) => writeEntry(name, map[name], own)),
    own,
    belowKey,
  );
}

/** A name that is empty, long or of several lines stands behind a `?`. */
function writeEntry(name: string, value: unknown, indent: number): string {
  if (name === '' || [...name].length >= 128 || hasBreak(name)) {
    const below = { indent, column: indent + 1, belowKey: false };
    return `?${writeNode(name, below)}\n${' '.repeat(indent)}:${writeNode(value, below)}`;
  }
  const key = `${writeScalar(name, { column: indent, indent: indent + 2, key: true })}:`;
  return key + writeNode(value, { indent, column: indent + [...key].length, belowKey: true });
}

/** The first stands beside the mark before it, unless that is a key. */
function lines(items: string[], indent: number, belowKey: boolean): string {
  const newLine = `\n${' '.repeat(indent)}`;
  return (belowKey ? newLine : ' ') + items.join(newLine);
}

/** YAML 1.1 wants a dot before an exponent. */
const float = (value: number): string => reprOfNumber(value).replace(/^(-?\d+)e/, '$1.0e');
