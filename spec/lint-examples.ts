import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  type MediaTypeObject,
  type Operation,
  operationObject,
  type Reference,
  type ResponseObject,
  type Spec,
} from './index.ts';
import { escapeKey } from './json.ts';

/** The part that declares an operation. */
export const fileOf = ({ slug }: Operation): string => `spec/paths/${slug}.yaml`;

/** Checks that every example is valid against the schema beside it. */
export function lintExamples(spec: Spec): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(spec.document as object, 'spec');
  return [...eachMediaType(spec)].flatMap(({ file, what, pointer, media }) => {
    const examples = [
      ...(media.example === undefined ? [] : [media.example]),
      ...Object.values(media.examples ?? {}).map(({ value }) => value),
    ];
    if (!media.schema) return what.includes('application/json') ? [`${file}: ${what} has no schema`] : [];
    try {
      const validate = ajv.compile({ $ref: `spec#${pointer}/schema` });
      return examples
        .filter((example) => !validate(example))
        .map(
          () => `${file}: an example of ${what} is not valid: ${ajv.errorsText(validate.errors, { separator: '; ' })}`,
        );
    } catch (error) {
      return [`${file}: the schema of ${what} can't be used: ${(error as Error).message}`];
    }
  });
}

interface MediaTypePlace {
  file: string;
  what: string;
  pointer: string;
  media: MediaTypeObject;
}

function* eachMediaType({ document, operations }: Spec): Generator<MediaTypePlace> {
  for (const operation of operations) {
    const { operationId, path, method, websocket, requestBody } = operation;
    const base = `/paths/${encode(path)}/${method.toLowerCase()}`;
    const file = fileOf(operation);
    for (const side of ['send', 'receive'] as const) {
      if (websocket)
        yield {
          file,
          what: `what ${operationId} ${side}s (application/json)`,
          pointer: `${base}/x-websocket/${side}`,
          media: websocket[side] ?? {},
        };
    }
    for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
      yield {
        file,
        what: `the request of ${operationId} (${type})`,
        pointer: `${base}/requestBody/content/${encode(type)}`,
        media,
      };
    }
    yield* eachResponse(file, operationId, `${base}/responses`, operationObject(document, operation)?.responses ?? {});
  }
  yield* eachResponse(
    'spec/openapi.yaml',
    'the shared response',
    '/components/responses',
    document.components.responses,
  );
}

/** The media types of responses that are no refs. */
function* eachResponse(
  file: string,
  what: string,
  pointer: string,
  responses: Record<string, ResponseObject | Reference>,
): Generator<MediaTypePlace> {
  for (const [name, response] of Object.entries(responses)) {
    for (const [type, media] of Object.entries('$ref' in response ? {} : (response.content ?? {}))) {
      yield { file, what: `${what} ${name} (${type})`, pointer: `${pointer}/${name}/content/${encode(type)}`, media };
    }
  }
}

const encode = (key: string) => encodeURIComponent(escapeKey(key));
