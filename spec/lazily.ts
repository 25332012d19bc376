/** Makes a value at the first call, and returns the same at each later one. */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
