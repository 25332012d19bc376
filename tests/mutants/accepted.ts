/** Survivors that are right to survive, by id, with the reason. */
export const ACCEPTED: Record<string, string> = {};
