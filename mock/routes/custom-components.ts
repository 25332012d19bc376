import { buildNode, setToolMode } from '../components/node.ts';
import { CodeMissing, carryOver } from '../components/previous.ts';
import { updateNode } from '../components/update.ts';
import { type Handlers, type JsonResponse, respond } from '../operation.ts';

export const customComponentRoutes = {
  buildCustomComponent: async ({ body }, mock) => {
    const built = await buildNode(mock, body.code);
    try {
      if (body.frontend_node) carryOver(built.node, body.frontend_node);
    } catch (error) {
      // The real server does not expect the key to be missing.
      if (error instanceof CodeMissing) return respond(500, { json: { message: "'code'" } });
      throw error;
    }
    setToolMode(built, built.node.tool_mode);
    return { data: built.node as JsonResponse<'buildCustomComponent'>['data'], type: built.type };
  },

  rebuildCustomComponent: async ({ body, user }, mock) => {
    const { code, field, field_value = null, template, tool_mode } = body;
    const node = await updateNode(mock, {
      code,
      field,
      value: field_value,
      template,
      toolMode: tool_mode ?? false,
      user_id: user.id,
    });
    return node as JsonResponse<'rebuildCustomComponent'>;
  },
} satisfies Handlers;
