import { isoNaive } from '../clock.ts';
import type { VertexBuildRecord } from '../store/run-records.ts';
import type { Built } from './components.ts';
import type { VertexError } from './errors.ts';
import { INTERFACE_TYPES, type Vertex } from './graph.ts';
import { pyYaml } from './pyyaml.ts';
import { isData, isMessage, isTable, type Message, messageData, pythonJson, shown } from './values.ts';

/** What a run shows of a vertex. */
export interface Result {
  results: Record<string, unknown>;
  artifacts: Record<string, unknown>;
  outputs: Record<string, { message: unknown; type: string }>;
  logs: Record<string, unknown[]>;
  messages: Record<string, unknown>[];
  timedelta: null;
  duration: null;
  component_display_name: string;
  component_id: string;
  used_frozen_result: boolean;
}

const CHAT = new Set(['ChatInput', 'ChatOutput']);

/** The result of a vertex, made of what its component gives. */
export function resultOf(vertex: Vertex, built: Built): Result {
  const names = vertex.computed.filter((name) => name in built.outputs);
  const said = CHAT.has(vertex.type) ? names.map((name) => built.outputs[name]).find(isMessage) : undefined;
  const result: Result = {
    results: {},
    artifacts: said
      ? chatArtifact(said)
      : Object.fromEntries(names.map((name) => [name, artifactOf(built.outputs[name], built.status)])),
    outputs: {},
    logs: {},
    messages: [],
    timedelta: null,
    duration: null,
    component_display_name: vertex.displayName,
    component_id: vertex.id,
    used_frozen_result: false,
  };
  for (const { name } of vertex.outputs) result.outputs[name] = NO_OUTPUT;
  const isInterface = INTERFACE_TYPES.has(vertex.type);
  for (const name of names) {
    const value = built.outputs[name];
    result.outputs[name] = outputOf(value);
    result.logs[name] = [];
    if (!isInterface) continue;
    result.results[name] = shown(value);
    if (isMessage(value) && value.text !== '') result.messages.push(chatMessage(vertex, value));
  }
  return result;
}

interface Artifact {
  repr: string;
  raw: unknown;
  type: string;
}

function artifactOf(value: unknown, status: string | undefined): Artifact {
  const raw = rawOf(value);
  if (isMessage(value)) return { repr: status ?? pythonJson(messageData(value), 4), raw, type: 'text' };
  const type =
    status !== undefined ? 'text' : Array.isArray(raw) ? 'array' : typeof raw === 'object' ? 'object' : 'text';
  return { repr: status ?? pythonJson(raw, 4), raw, type };
}

function rawOf(value: unknown): unknown {
  if (isMessage(value)) return value.text;
  return isData(value) ? value.data : isTable(value) ? value.rows : value;
}

interface Output {
  message: unknown;
  type: string;
}

const NO_OUTPUT: Output = Object.freeze({ message: '', type: 'unknown' });

function outputOf(value: unknown): Output {
  const raw = rawOf(value);
  const type = typeof raw === 'string' ? 'text' : Array.isArray(raw) ? 'array' : 'object';
  return { message: raw, type };
}

function chatArtifact({ text, sender, sender_name, files }: Message): Record<string, unknown> {
  return { message: paragraphs(text, sender), sender, sender_name, files: files.map(fileOf), type: 'object' };
}

function chatMessage(vertex: Vertex, message: Message): Record<string, unknown> {
  const sender = message.sender ?? 'Machine';
  return {
    message: paragraphs(message.text, sender),
    sender,
    sender_name: message.sender_name ?? 'AI',
    session_id: message.session_id,
    stream_url: null,
    component_id: vertex.id,
    files: message.files.map(fileOf),
    type: 'text',
  };
}

/** A file of a message as people are shown it. */
function fileOf(path: string): { path: string; name: string; type: string } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { path, name, type: name.slice(name.lastIndexOf('.') + 1) };
}

/** What a machine says is Markdown: each line break becomes two. */
function paragraphs(text: string, sender: string | null): string {
  return sender === 'Machine' ? text.replaceAll('\n\n', '\n').replaceAll('\n', '\n\n') : text;
}

/** The build that a run leaves of a vertex. */
export function buildRecord(
  flowId: string,
  vertex: Vertex,
  result: Result,
  effects: { now(): Date; uuid(): string },
): VertexBuildRecord {
  return {
    build_id: effects.uuid(),
    flow_id: flowId,
    id: vertex.id,
    timestamp: buildTime(effects.now()),
    valid: true,
    // Text in YAML takes longer to write than the flow to run, and few look at it.
    params: INTERFACE_TYPES.has(vertex.type) ? null : NO_PARAMS,
    data: result as unknown as Record<string, unknown>,
    artifacts: result.artifacts,
  };
}

/** The artifacts as text, where a vertex has a part in a conversation or in a request. */
export function paramsOf(vertex: Vertex, artifacts: Record<string, unknown>): string {
  return INTERFACE_TYPES.has(vertex.type) ? artifactsText(artifacts) : NO_PARAMS;
}

const NO_PARAMS = 'None';

export const artifactsText = (artifacts: Record<string, unknown>): string => pyYaml([titled(artifacts)]);

/** The build of a vertex that failed; of runs, only those from a webhook leave one. */
export function failedBuildRecord(
  flowId: string,
  { vertex, message, stackTrace }: VertexError,
  effects: { now(): Date; uuid(): string },
): VertexBuildRecord {
  return {
    build_id: effects.uuid(),
    flow_id: flowId,
    id: vertex.id,
    timestamp: buildTime(effects.now()),
    valid: false,
    params: message,
    data: { ...failureData(vertex, message, stackTrace), message: {}, timedelta: null, duration: null },
    artifacts: {},
  };
}

/** What is shown of a vertex that failed. */
export function failureData(
  vertex: Vertex,
  errorMessage: string,
  stackTrace: string,
): Pick<Result, 'results' | 'outputs' | 'logs' | 'artifacts' | 'used_frozen_result'> {
  const outputs = { [vertex.outputs[0]?.name ?? 'output']: { message: { errorMessage, stackTrace }, type: 'error' } };
  return { results: {}, outputs, logs: {}, artifacts: {}, used_frozen_result: false };
}

function titled(artifacts: Record<string, unknown>): Record<string, unknown> {
  const title = (name: string) =>
    name
      .split('_')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' ');
  return Object.fromEntries(Object.entries(artifacts).map(([name, value]) => [title(name), value]));
}

/** `2026-01-31T12:00:00.123000Z` */
export function buildTime(date: Date): string {
  return `${isoNaive(date)}Z`;
}
