import { isObject } from '../../spec/json.ts';
import { pythonJson } from '../engine/values.ts';
import { JsonText } from '../json-text.ts';
import type { FlowData, FlowRow } from '../store/tables.ts';

/** Flows as files: without the keys that stand in their fields, one JSON file each. */

/** A node of a flow that `isExportable` accepts. */
interface ComponentNode {
  data: { node: { template: Record<string, unknown> } };
}

interface SecretField {
  name: string;
  value: unknown;
}

/** What Langflow says where it meets a flow without a graph, or a node that is no component. */
export const NO_GRAPH = "'NoneType' object has no attribute 'get'";

/** Whether Langflow can write the flow into a file: it fails on one without data, and on nodes without a component. */
export function isExportable({ data }: FlowRow): boolean {
  const nodes = (data?.value.nodes ?? []) as ({ data?: { node?: { template?: unknown } | null } | null } | null)[];
  return data !== null && nodes.every((node) => node?.data?.node?.template);
}

/** The flow with null in place of each API key and API token that a password field of its components holds (FLOWS-060). */
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

/** A ZIP with `<name>.json` for each flow, as Python writes JSON, stored without compression. */
export async function zipOf(flows: { name: string }[], at: Date): Promise<Buffer> {
  // Loaded when it is needed: its tables take a tenth of a start.
  const { zipSync } = await import('fflate');
  const files = Object.fromEntries(flows.map((flow) => [`${flow.name}.json`, Buffer.from(pythonJson(flow))]));
  return Buffer.from(zipSync(files, { level: 0, mtime: at }));
}

/** `20260131_120000` */
export function fileStamp(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split('T');
  return `${day.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`;
}
