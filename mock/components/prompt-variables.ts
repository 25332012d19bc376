import { fieldNames } from './format-string.ts';

/** Thrown for a prompt that is refused, with the real server's message. */
export class PromptError extends Error {
  override name = 'PromptError';
}

const BAD_CHARACTERS = new Set(' ,.:;!?/\\()[]');
const RESERVED = new Set([
  'code',
  'input_variables',
  'output_parser',
  'partial_variables',
  'template',
  'template_format',
  'validate_template',
]);

/** The variables of a prompt. @throws FormatError for malformed braces, PromptError for names that can't be fields */
export function promptVariables(template: string): string[] {
  const names = fieldNames(template);
  refuseBadNames(names);
  if (names.some((name) => RESERVED.has(name)))
    throw new PromptError(`Invalid input variables. None of the variables can be named ${names.join(', ')}. `);
  return names;
}

/**
 * The message's lists are the real server's, mixed up as there: after the first name the invalid names are the
 * characters, after the second both lists are the same.
 */
function refuseBadNames(names: string[]): void {
  const characters: string[] = [];
  let wrong: string[] = [];
  let empty: string[] = [];
  const repaired = names.map((name) => {
    const better = repair(name, characters, wrong);
    [wrong, empty] = [characters, wrong];
    if ([...name].some((character) => BAD_CHARACTERS.has(character))) wrong.push(name);
    return better;
  });
  if (names.every((name) => repaired.includes(name))) return;
  throw new PromptError(
    'Error: Input variables contain invalid characters or formats. \n' +
      `Invalid variables: ${wrong.join(', ')}.\nEmpty variables: ${empty.join(', ')}. \nFixed variables: ${repaired.join(', ')}.`,
  );
}

/** Removes leading digits and invalid characters, and adds them to the lists. */
function repair(name: string, characters: string[], wrong: string[]): string {
  const [first] = name;
  let better = name;
  if (first !== undefined && /\p{Nd}/u.test(first)) {
    characters.push(first);
    better = repair(name.slice(first.length), characters, wrong);
  }
  for (const character of better) {
    if (!BAD_CHARACTERS.has(character)) continue;
    characters.push(character);
    better = better.replaceAll(character, '');
    if (!wrong.includes(name)) wrong.push(name);
  }
  return better;
}
