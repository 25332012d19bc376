import { isObject } from '../../spec/json.ts';
import { pythonJson } from '../engine/values.ts';
import { JsonText } from '../json-text.ts';
import type { FlowData, FlowRow } from '../store/tables.ts';

/** Flows as files: one JSON file each, without the API keys in their fields. */

/** A node of a flow that `isExportable` accepts. */
interface ComponentNode {
  data: { node: { template: Record<string, unknown> } };
}

interface SecretField {
  name: string;
  value: unknown;
}

/** Langflow's error for a flow without a graph, or a node that is no component. */
export const NO_GRAPH = "'NoneType' object has no attribute 'get'";

/** Whether Langflow can export the flow: not without data, nor with nodes that are no components. */
export function isExportable({ data }: FlowRow): boolean {
  const nodes = (data?.value.nodes ?? []) as ({ data?: { node?: { template?: unknown } | null } | null } | null)[];
  return data !== null && nodes.every((node) => node?.data?.node?.template);
}

/** Replaces each API key and API token in a password field of a component by null (FLOWS-060). */
export function withoutKeys<Flow extends object>(flow: Flow): Flow {
  const { data: kept } = flow as Pick<FlowRow, 'data'>;
  if (!kept || secretsOf(kept.value).length === 0) return flow;
  const data = kept.exact;
  for (const field of secretsOf(data)) field.value = null;
  return { ...flow, data: JsonText.of(data) };
}

function secretsOf({ nodes }: FlowData): SecretField[] {
  return ((nodes ?? []) as ComponentNode[]).flatMap(({ data }) => Object.values(data.node.template).filter(isSecret));
}

function isSecret(field: unknown): field is SecretField {
  if (!isObject(field) || typeof field['name'] !== 'string' || !field['password']) return false;
  const { name } = field;
  return name.includes('api') && (name.includes('key') || (name.includes('token') && !name.includes('tokens')));
}

/** A ZIP with `<name>.json` for each flow, in Python's JSON, without compression. */
export async function zipOf(flows: { name: string }[], at: Date): Promise<Buffer> {
  // Loaded when needed: its tables take a tenth of a start.
  const { zipSync } = await import('fflate');
  const files = Object.fromEntries(flows.map((flow) => [`${flow.name}.json`, Buffer.from(pythonJson(flow))]));
  return Buffer.from(zipSync(files, { level: 0, mtime: at }));
}

/** `20260131_120000` */
export function fileStamp(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split('T');
  return `${day.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`;
}
