import { repr, typeName } from '../python/repr.ts';

/** What a text says of a fault. */
export interface PydanticError {
  loc: (string | number)[];
  type: string;
  msg: string;
  input: unknown;
}

/** The release whose pages explain the faults. */
const PAGES = 'https://errors.pydantic.dev/2.11/v/';

/** Faults as Python prints a ValidationError that nobody caught: `1 validation error for FlowCreate`, and three lines for each. */
export function pydanticText(model: string, faults: PydanticError[]): string {
  const each = faults.map(({ loc, type, msg, input }) => {
    const what = `[type=${type}, input_value=${shortened(repr(input))}, input_type=${typeName(input)}]`;
    return [...(loc.length > 0 ? [loc.join('.')] : []), `  ${msg} ${what}`, `    For further information visit ${PAGES}${type}`].join('\n');
  });
  return [`${faults.length} validation error${faults.length === 1 ? '' : 's'} for ${model}`, ...each].join('\n');
}

/** Bytes that are shown of a long value: these at its beginning, one less at its end. */
const HALF = 25;

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= 2 * HALF) return text;
  const continues = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let end = HALF;
  while (continues(end)) end--;
  let start = bytes.length - (HALF - 1);
  while (continues(start)) start++;
  return `${bytes.subarray(0, end)}...${bytes.subarray(start)}`;
}
