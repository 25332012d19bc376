import { pythonJson } from '../engine/values.ts';
import { JsonText } from '../json-text.ts';
import type { FlowRow } from '../store/tables.ts';

/** Flows as files: without the keys that stand in their fields, one JSON file each. */

/** What Langflow says where it meets a flow without a graph, or a node that is no component. */
export const NO_GRAPH = "'NoneType' object has no attribute 'get'";

/** Whether Langflow can write the flow into a file: it fails on one without data, and on nodes without a component. */
export function isExportable({ data }: FlowRow): boolean {
  return data !== null && (data.value.nodes ?? []).every((node) => node?.data?.node?.template);
}

/** The flow with null in place of each API key and API token that a password field of its components holds (FLOWS-060). */
export function withoutKeys<Flow extends object>(flow: Flow): Flow {
  const { data: kept } = flow as Pick<FlowRow, 'data'>;
  const secrets = (node: any) => Object.entries<any>(node.data.node.template).filter(([, field]) => isSecret(field));
  if (!kept?.value.nodes?.some((node) => secrets(node).length > 0)) return flow;
  const data = kept.exact;
  for (const node of data.nodes ?? []) for (const [, field] of secrets(node)) field.value = null;
  return { ...flow, data: JsonText.of(data) };
}

function isSecret(field: any): boolean {
  if (typeof field !== 'object' || field === null || typeof field.name !== 'string' || !field.password) return false;
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
