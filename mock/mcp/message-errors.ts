import { toNumber } from '../numbers.ts';
import { type ErrorDetail, fail, type Parser, prefix } from '../validation/errors.ts';
import { choiceParser, integerParser, stringParser } from '../validation/scalars.ts';
import { isObject } from '../validation/shape.ts';

/** Validates messages as the models of the Python SDK for MCP do. Each kind of message reports its own errors. */

interface Field {
  name: string;
  parser: Parser;
  optional?: boolean;
}

const text = stringParser({});
const integer = integerParser({});
const strictInteger: Parser = (input, errors, state) =>
  typeof toNumber(input) === 'number'
    ? integer(input, errors, state)
    : fail(errors, 'int_type', 'Input should be a valid integer', input);

const dictionary: Parser = (input, errors) =>
  isObject(input) ? input : fail(errors, 'dict_type', 'Input should be a valid dictionary', input);
const anything: Parser = (input) => input;

/** A union reports the errors of each member under the member's name. */
function either(members: Record<string, Parser>): Parser {
  return (input, errors, state) => {
    const found = Object.entries(members).map(([name, parser]) => {
      const own: ErrorDetail[] = [];
      parser(input, own, state);
      prefix(own, 0, name);
      return own;
    });
    if (found.every((own) => own.length > 0)) errors.push(...found.flat());
    return input;
  };
}

function model(name: string, fields: Field[]): Parser {
  return (input, errors, state) => {
    if (!isObject(input))
      return fail(errors, 'model_type', `Input should be a valid dictionary or instance of ${name}`, input);
    for (const { name: key, parser, optional } of fields) {
      const before = errors.length;
      if (!(key in input)) {
        if (!optional) fail(errors, 'missing', 'Field required', input);
      } else if (!(optional && input[key] === null)) parser(input[key], errors, state);
      prefix(errors, before, key);
    }
    return input;
  };
}

const jsonrpc: Field = { name: 'jsonrpc', parser: choiceParser(['2.0'], 'literal_error') };
const id: Field = { name: 'id', parser: either({ int: strictInteger, str: text }) };
/** The id of an error message, which is read less strictly. */
const idOfError: Field = { name: 'id', parser: either({ str: text, int: integer }) };
const method: Field = { name: 'method', parser: text };
const params: Field = { name: 'params', parser: dictionary, optional: true };
const errorData = model('ErrorData', [
  { name: 'code', parser: integer },
  { name: 'message', parser: text },
  { name: 'data', parser: anything, optional: true },
]);

/** The kinds of messages, in the order in which they are tried. */
const KINDS = {
  JSONRPCRequest: [method, params, jsonrpc, id],
  JSONRPCNotification: [method, params, jsonrpc],
  JSONRPCResponse: [jsonrpc, id, { name: 'result', parser: dictionary }],
  JSONRPCError: [jsonrpc, idOfError, { name: 'error', parser: errorData }],
} satisfies Record<string, Field[]>;

export type Kind = keyof typeof KINDS;

/** The first kind that the value matches, or the errors of all kinds. */
export function kindOf(value: unknown): Kind | ErrorDetail[] {
  const errors: ErrorDetail[] = [];
  for (const [name, fields] of Object.entries(KINDS) as [Kind, Field[]][]) {
    const before = errors.length;
    model(name, fields)(value, errors, { exactness: 2, fields: -1 });
    if (errors.length === before) return name;
    prefix(errors, before, name);
  }
  return errors;
}
