import modules from '../../fixtures/python-modules.json' with { type: 'json' };
import versions from '../../fixtures/python-packages.json' with { type: 'json' };
import { lazily } from '../../spec/lazily.ts';

/** Null is a module, an object is a package with its modules. */
interface ModuleTree {
  [name: string]: ModuleTree | null;
}

/** `lfx.schema.` for a package, `lfx.schema.data` for a module. */
const dotted = (tree: ModuleTree, before = ''): string[] =>
  Object.entries(tree).flatMap(([name, inner]) =>
    inner ? [`${before}${name}.`, ...dotted(inner, `${before}${name}.`)] : [`${before}${name}`],
  );

/**
 * The packages that a deployment has installed, with their versions, and the modules of Langflow's own packages (those
 * of 1.7 and 1.8 together). Made when first asked for: there are more than a thousand.
 */
export const pythonPackages = lazily(
  (): Record<string, string | null> => ({
    ...versions,
    ...Object.fromEntries(dotted(modules as ModuleTree).map((name) => [name, null])),
  }),
);
