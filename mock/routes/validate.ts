import { FormatError } from '../components/format-string.ts';
import { type FrontendNode, setVariables } from '../components/prompt-node.ts';
import { PromptError, promptVariables } from '../components/prompt-variables.ts';
import { pythonPackages } from '../components/python-packages.ts';
import type { Handlers } from '../operation.ts';
import { callPython } from '../python/interpreter.ts';

interface CheckResult {
  imports: string[];
  functions: string[];
  /** The error of compiling code that could be parsed. */
  failure?: string;
}

export const validateRoutes = {
  validateCode: async ({ body, fail }) => {
    const { imports, functions, failure } = await callPython<CheckResult>(
      'check',
      body.code,
      Object.keys(pythonPackages()),
    );
    if (failure !== undefined) fail(500, failure);
    return { imports: { errors: imports }, function: { errors: functions } };
  },

  validatePrompt: ({ body: { name, template, frontend_node: node }, fail }) => {
    if (!node) return { input_variables: [], frontend_node: null };
    try {
      const input_variables = promptVariables(template);
      setVariables(node, name, input_variables);
      return { input_variables, frontend_node: toWireNode(node) };
    } catch (error) {
      if (error instanceof FormatError || error instanceof PromptError) return fail(500, error.message);
      throw error;
    }
  },
} satisfies Handlers;

/** A node in a real server's form. */
const toWireNode = (node: FrontendNode) => ({
  ...node,
  base_classes: [...new Set(node.base_classes)].sort((a, b) => compare(a.toLowerCase(), b.toLowerCase())),
  display_name: node.display_name || node.name,
  outputs: node.outputs?.map((output) => ({ ...output, display_name: output.display_name ?? output.name })),
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
