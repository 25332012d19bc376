const STATIC_IMPORT = /^import (.+?) from "(node:[\w/]+)";$/gm;

/** Parts of Node that a start loads for nothing: each is loaded when something of it is used. */
const LAZY_BUILTINS =
  /^node:(child_process|dns|fs\/promises|http2|https|perf_hooks|timers\/promises|worker_threads|zlib)$/;

/** A package that Fastify loads for plugins that name its release; only that of the web UI's files does. */
const LAZY_PACKAGES = /^semver$/;

const PREFIX = '\0lazy ';

/**
 * Takes Node's own modules by `process.getBuiltinModule`. An `import` makes a facade with the value of every export, so
 * `import … from 'node:http'` loads all of fetch, for its `WebSocket`: a third of the start of a bare server.
 */
export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    resolveId: {
      order: 'pre' as const,
      handler: (id: string, from?: string) =>
        LAZY_BUILTINS.test(id) || (LAZY_PACKAGES.test(id) && !from?.startsWith(PREFIX)) ? PREFIX + id : undefined,
    },
    load: (id: string) => (id.startsWith(PREFIX) ? lazyModule(id.slice(PREFIX.length)) : undefined),
    renderChunk: (code: string) =>
      code.replaceAll(STATIC_IMPORT, (_, clause: string, name: string) => declarations(clause, name)),
  };
}

/** The exports are those of the prototype, which a bundler keeps when it makes an ES module of a CommonJS one. */
function lazyModule(name: string): string {
  const module = LAZY_PACKAGES.test(name) ? `require("${name}")` : `process.getBuiltinModule("${name}")`;
  return `module.exports = Object.create(new Proxy({}, { get: (_, key) => ${module}[key] }));`;
}

/** `fs, { join as j }` becomes constants. */
function declarations(clause: string, name: string): string {
  const module = `process.getBuiltinModule("${name}")`;
  const [, whole, named] = /^(?:(?:\* as )?([\w$]+))?(?:, )?(\{.*\})?$/.exec(clause) ?? [];
  const constants = [whole && `${whole} = ${module}`, named && `${named.replaceAll(' as ', ': ')} = ${module}`];
  return `const ${constants.filter(Boolean).join(', ')};`;
}
