import { context } from './run-context.ts';

/** Values that must not appear in a report. */
const known = new Set<string>();

/** Remembers a value as secret, and returns it. */
export function addSecret(value: string): string {
  if (value.length >= 6) known.add(value);
  return value;
}

export const secrets = (): ReadonlySet<string> => known;

for (const who of [context.admin, ...context.people.flatMap((pair) => [pair.alice, pair.bob])]) {
  for (const value of [who?.password, who?.token, who?.apiKey]) if (value) addSecret(value);
}
for (const value of [context.signingKey, context.openAiKey]) if (value) addSecret(value);
