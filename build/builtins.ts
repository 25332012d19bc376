const PREFIX = '\0builtin ';

export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    resolveId: {
      order: 'pre' as const,
      handler(id: string, importer: string | undefined, { kind }: { kind: string }) {
        if (id.startsWith('node:') && id !== 'node:module' && importer && kind !== 'require-call') return { id: `${PREFIX}${id}`, moduleSideEffects: false };
        return undefined;
      },
    },
    load(id: string) {
      if (id.startsWith(PREFIX))
        return { code: `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(PREFIX.length))});`, moduleSideEffects: false };
      return undefined;
    },
  };
}
