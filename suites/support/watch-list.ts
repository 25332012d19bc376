type Thing = { id: string };

/**
 * Reads a list, and returns a function that reads it again and returns what is new. For "refused, and nothing is
 * created":
 * a count is not enough, since a real deployment may list for a moment what an earlier test deleted.
 */
export async function watchList<T extends Thing>(list: () => Promise<T[]>): Promise<() => Promise<T[]>> {
  const before = new Set((await list()).map(({ id }) => id));
  return async () => (await list()).filter(({ id }) => !before.has(id));
}
