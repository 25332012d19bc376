import type { Build, Built } from './components.ts';
import type { Vertex } from './graph.ts';
import { type Message, properties } from './values.ts';

/** The outputs by which the answer of a model leaves its component: of a language model, and of an agent. */
const ANSWERS = ['text_output', 'response'];

/** Every component that gives an input to a model: LanguageModelComponent, Agent, OpenAIModel, AnthropicModel … */
export function isModel(vertex: Vertex): boolean {
  return 'input_value' in vertex.fields && vertex.outputs.some(({ name }) => ANSWERS.includes(name));
}

/** Asks the script. Beside a chat output the model itself says the answer, word by word, where it streams and somebody listens (BUILD-068). */
export function model(build: Build): Built {
  const { vertex, run } = build;
  const name = build.text('model_name') || build.text('model') || vertex.displayName;
  const text = run.effects.answer({
    component: vertex.type,
    model: name,
    system: build.text('system_message') || build.text('system_prompt'),
    input: build.text('input_value'),
  });
  const streams = run.stream && run.effects.emit && build.value('stream') !== false && build.isBeside('ChatOutput');
  const said = streams ? tell(build, text, name) : build.say(text);
  return { outputs: { text_output: said, response: said, model_output: { model: name } } };
}

function tell(build: Build, text: string, model: string): Message {
  const { id, displayName, icon } = build.vertex;
  return build.send({
    ...build.say(text),
    pieces: text.match(/\S+\s*|\s+/g) ?? [],
    sender: 'Machine',
    sender_name: 'AI',
    session_id: build.run.sessionId,
    properties: { ...properties({ id, display_name: displayName, source: model }), icon },
  });
}
