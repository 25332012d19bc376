const GENERATED = /return new Function\('path', 'i', .*/;

/**
 * Lets the router compare the fixed parts of a path without generated code. It generates a function for each node,
 * which takes half of the time in which routes are added.
 */
export function staticPrefix() {
  return {
    name: 'static-prefix',
    transform(code: string, id: string) {
      if (!id.endsWith('/find-my-way/lib/node.js')) return undefined;
      if (!GENERATED.test(code)) throw new Error(`${id} generates no code any more: delete build/static-prefix.ts`);
      return code.replace(GENERATED, 'return (path, i) => path.startsWith(prefix, i)');
    },
  };
}
