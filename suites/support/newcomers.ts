type Thing = { id: string };

/**
 * Looks at a list now; what it gives looks again, and tells what was not there before. For "refused, and nothing is made":
 * a count would not do, since what an earlier test deleted may be listed for a moment on a real server.
 */
export async function watch<T extends Thing>(list: () => Promise<T[]>): Promise<() => Promise<T[]>> {
  const before = new Set((await list()).map(({ id }) => id));
  return async () => (await list()).filter(({ id }) => !before.has(id));
}
