import { matchesStart, PatternError, UnsupportedPattern } from '../python/regex.ts';
import type { Build, Component } from './components.ts';
import { ComponentError } from './errors.ts';
import { fill } from './template.ts';
import { isData, isMessage, isTable, messageData, pythonJson, textOf } from './values.ts';

const prompt: Component = (build) => {
  const template = build.text('template');
  if (template === '')
    throw new ComponentError('TypeError', 'Error running method "build_prompt": expected str, got NoneType');
  const text = fill(template, Object.fromEntries(variablesOf(build).map((name) => [name, build.text(name)])));
  return { outputs: { prompt: build.message(text) }, status: text };
};

/** Components that make text and data of one another. */
export const text: Record<string, Component> = {
  TextInput: (build) => ({ outputs: { text: build.message(build.text('input_value')) } }),
  TextOutput(build) {
    const said = build.text('input_value');
    return { outputs: { text: build.message(said) }, status: said };
  },
  Prompt: prompt,
  'Prompt Template': prompt,
  Webhook(build) {
    const payload = build.text('data');
    if (payload === '') return { outputs: { output_data: { kind: 'data', data: {} } }, status: 'No data provided.' };
    try {
      return { outputs: { output_data: { kind: 'data', data: objectOf(JSON.parse(payload)) } } };
    } catch {
      const status = `Invalid JSON payload. Please check the format.\n\n${payload}`;
      return { outputs: { output_data: { kind: 'data', data: { payload } } }, status };
    }
  },
  CombineText(build) {
    const combined = [build.text('text1'), build.text('text2')].join(build.text('delimiter') || ' ');
    return { outputs: { combined_text: build.message(combined) }, status: combined };
  },
  ParserComponent(build) {
    const parsed = parse(build, build.value('input_data'));
    return { outputs: { parsed_text: build.message(parsed) }, status: parsed };
  },
  TypeConverterComponent(build) {
    const input = build.value('input_data');
    const data = dataOf(input);
    return {
      outputs: {
        message_output: build.message(textOf(input)),
        data_output: { kind: 'data', data },
        dataframe_output: { kind: 'table', rows: rowsOf(input) },
      },
    };
  },
  MessagetoData: (build) => ({ outputs: { data: { kind: 'data', data: dataOf(build.value('message')) } } }),
  ConditionalRouter(build) {
    const taken = compares(build);
    const chosen = textOf(build.value(taken ? 'true_case_message' : 'false_case_message'));
    const [output, other] = taken ? ['true_result', 'false_result'] : ['false_result', 'true_result'];
    const [said, nothing] = [build.message(chosen), { ...build.message(''), isBare: true }];
    // The first output that has something to say is the status of the component from then on.
    return {
      outputs: { [output]: said, [other]: nothing },
      stopped: [other],
      ...(taken && { status: pythonJson(messageData(said), 4) }),
    };
  },
};

/** The fields that a prompt has beside its own. */
function variablesOf({ vertex }: Build): string[] {
  return Object.keys(vertex.fields).filter((name) => !['_type', 'code', 'template', 'tool_placeholder'].includes(name));
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ComponentError(
    'ValueError',
    `Data must be a dictionary, got ${Array.isArray(value) ? 'list' : typeof value}`,
  );
}

function dataOf(value: unknown): Record<string, unknown> {
  if (isData(value)) return value.data;
  if (isMessage(value)) return messageData(value);
  return { text: textOf(value) };
}

function rowsOf(value: unknown): Record<string, unknown>[] {
  if (isTable(value)) return value.rows;
  return (Array.isArray(value) ? value : [value]).map(dataOf);
}

function parse(build: Build, input: unknown): string {
  if (build.text('mode') === 'Stringify') return isData(input) ? pythonJson(input.data, 4) : textOf(input);
  const lines = rowsOf(input).map((row) =>
    fill(build.text('pattern'), Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]))),
  );
  return lines.join(build.text('sep') || '\n');
}

/** Python's `re.match`; no pattern of a client is matched by an engine that backtracks. */
function matches(pattern: string, text: string): boolean {
  try {
    return matchesStart(pattern, text);
  } catch (error) {
    // A pattern that is none matches nothing, as on the real one.
    if (error instanceof PatternError) return false;
    if (error instanceof UnsupportedPattern)
      throw new ComponentError('NotImplementedError', `The mock does not match this pattern: ${error.message}`);
    throw error;
  }
}

/** If-Else: the operators of its list. */
function compares(build: Build): boolean {
  const fold = (value: string) => (build.value('case_sensitive') === true ? value : value.toLowerCase());
  const [left, right] = [fold(build.text('input_text')), fold(build.text('match_text'))];
  const operators: Record<string, () => boolean> = {
    equals: () => left === right,
    'not equals': () => left !== right,
    contains: () => left.includes(right),
    'starts with': () => left.startsWith(right),
    'ends with': () => left.endsWith(right),
    regex: () => matches(build.text('match_text'), build.text('input_text')),
    'less than': () => Number(left) < Number(right),
    'less than or equal': () => Number(left) <= Number(right),
    'greater than': () => Number(left) > Number(right),
    'greater than or equal': () => Number(left) >= Number(right),
  };
  return operators[build.text('operator')]?.() ?? false;
}
