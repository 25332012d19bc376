import type { Build, Built } from './components.ts';
import type { Vertex } from './graph.ts';

/** The outputs by which the answer of a model leaves its component: of a language model, and of an agent. */
const ANSWERS = ['text_output', 'response'];

/** Every component that gives an input to a model: LanguageModelComponent, Agent, OpenAIModel, AnthropicModel … */
export function isModel(vertex: Vertex): boolean {
  return 'input_value' in vertex.fields && vertex.outputs.some(({ name }) => ANSWERS.includes(name));
}

/** Asks the script; the answer comes in pieces, word by word, where the run is streamed into a chat output. */
export function model(build: Build): Built {
  const { vertex, run } = build;
  const name = build.text('model_name') || build.text('model') || vertex.displayName;
  const text = run.effects.answer({
    component: vertex.type,
    model: name,
    system: build.text('system_message') || build.text('system_prompt'),
    input: build.text('input_value'),
  });
  const message = build.say(text);
  const streams = run.stream && run.effects.emit && build.value('stream') !== false;
  const said = streams ? { ...message, pieces: text.match(/\S+\s*|\s+/g) ?? [] } : message;
  return { outputs: { text_output: said, response: said, model_output: { model: name } }, status: text };
}
