import type { Build, Built } from './components.ts';
import type { StoredMessage } from './events.ts';
import type { Vertex } from './graph.ts';
import { type Message, properties } from './values.ts';

/** The outputs that hold the response of a model: of a language model, and of an agent. */
const RESPONSES = ['text_output', 'response'];

/** Every component that gives an input to a model: LanguageModelComponent, Agent, OpenAIModel, AnthropicModel … */
export function isModel(vertex: Vertex): boolean {
  return 'input_value' in vertex.fields && vertex.outputs.some(({ name }) => RESPONSES.includes(name));
}

/**
 * Gives the response of a model. Beside a chat output the model itself says it, word by word, where it streams and
 * somebody follows (BUILD-068).
 */
export function model(build: Build): Built {
  const { vertex, run } = build;
  const name = build.text('model_name') || build.text('model') || vertex.displayName;
  const text = run.effects.complete({
    component: vertex.type,
    model: name,
    system: build.text('system_message') || build.text('system_prompt'),
    input: build.text('input_value'),
  });
  const outputs = (message: Message) => ({ text_output: message, response: message, model_output: { model: name } });
  const streams = run.stream && build.value('stream') !== false && build.isBeside('ChatOutput');
  if (!streams) return { outputs: outputs(build.message(text)) };
  const message = modelMessage(build, text, name);
  return { outputs: outputs(message), message, words: text.match(/\S+\s*|\s+/g) ?? [] };
}

function modelMessage(build: Build, text: string, model: string): StoredMessage {
  const { id, displayName, icon } = build.vertex;
  return build.identified({
    ...build.message(text),
    sender: 'Machine',
    sender_name: 'AI',
    session_id: build.run.sessionId,
    properties: { ...properties({ id, display_name: displayName, source: model }), icon },
  });
}
