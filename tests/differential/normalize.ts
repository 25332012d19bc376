/** Replaces what differs in every run by its kind, so that the responses of two deployments can be compared. */

/** Words of a run that its texts contain. */
export interface RunWords {
  runId: string;
  /** Without a slash at the end. */
  url: string;
}

const UUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?( ?UTC|Z|[+-]\d{2}:\d{2})?/g;
const DATE = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT/g;
const STAMP = /\d{8}_\d{6}|\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}/g;
/** Folders in which a deployment keeps its data. */
const FOLDERS = /\/app\/data|(\/[\w.~-]+)+\/cache\/langflow|(\/[\w.-]+)*\/flowpact-[\w-]+/g;
const DURATION = /\b\d+(\.\d+)? ?(seconds?|ms|s)\b/g;
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+|gAAAAA[\w=-]+|sk-[\w-]{4,}\**/g;
/** Numbers that differ in every run; a real deployment loses some concurrent uses of an API key. */
const MEASURED = /^(duration|timedelta|created_at|elapsed|created|total_uses)$/;
/** Fields with the id of an owner. */
export const BELONGS = /^(user|folder|flow|parent)_id$/;
/** Ids of nodes, which the suite generates: `ChatInput-4105e`. */
const NODE = /\b([A-Z]\w+)-[0-9a-f]{5}\b/g;

export function normalText(text: string, { runId, url }: RunWords): string {
  return text
    .replaceAll(url, '<url>')
    .replaceAll(new URL(url).host, '<host>')
    .replaceAll(/flowpact-[a-z0-9]{8}-[a-z0-9]+|FLOWPACT[0-9A-F]{8,}/g, '<word>')
    .replaceAll(new RegExp(`${runId}[-_]\\d+([-_]\\d+)?`, 'gi'), '<name>')
    .replaceAll(new RegExp(runId, 'gi'), '<run>')
    .replaceAll(NODE, '$1-<node>')
    .replaceAll(TOKEN, '<token>')
    .replaceAll(UUID, '<uuid>')
    .replaceAll(TIME, '<time>')
    .replaceAll(DATE, '<date>')
    .replaceAll(STAMP, '<time>')
    .replaceAll(/\blimit=\d+/g, 'limit=<number>')
    .replaceAll(DURATION, '<duration>')
    .replaceAll(FOLDERS, '<folder>');
}

/** A JSON value with its texts normalized. */
export function normalJson(value: unknown, words: RunWords, key = ''): unknown {
  // Ids of owners are compared: see ids.ts.
  if (typeof value === 'string') return BELONGS.test(key) ? value : normalText(value, words);
  if (typeof value === 'number') return MEASURED.test(key) ? '<number>' : value;
  if (Array.isArray(value)) return value.map((item) => normalJson(item, words, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(withoutVendors(value)).map(([name, item]) => [
      normalText(name, words),
      normalJson(item, words, name),
    ]),
  );
}

/** A component without the vendor's texts and code, since the mock has its own: only their presence is compared. */
function withoutVendors(value: object): object {
  if (isField(value))
    return { ...value, ...presenceOf(value, 'info'), ...(value.type === 'code' && presenceOf(value, 'value')) };
  if (!isComponent(value)) return value;
  const { code_hash, dependencies, ...metadata } = value.metadata ?? {};
  return { ...value, ...presenceOf(value, 'description'), ...(value.metadata && { metadata }) };
}

const presenceOf = (value: object, name: string) =>
  name in value && { [name]: (value as Record<string, unknown>)[name] ? `<${name}>` : '' };
const isField = (value: object): value is { info: string; type: string } =>
  'info' in value && 'type' in value && 'show' in value;
/** Also one that a test has taken a part from (RUN-084). */
const isComponent = (value: object): value is { description?: string; metadata?: Record<string, unknown> } =>
  'outputs' in value ? 'template' in value || 'metadata' in value : 'template' in value && 'metadata' in value;
