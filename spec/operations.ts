import type { components, operations } from './generated/client.d.ts';
import type { Loose } from './json.ts';

/** The types of requests and responses, as a client of the API sees them: made from the contract by `npm run types`. */

export type OperationId = keyof operations;

/** A schema of the contract by its name, as responses hold it. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

type Nothing = Record<never, never>;
type Part<Id extends OperationId, In extends 'path' | 'query'> = [
  NonNullable<operations[Id]['parameters'][In]>,
] extends [never]
  ? Nothing
  : NonNullable<operations[Id]['parameters'][In]>;

/** The parameters in the path, each of which must be there. */
export type PathOf<Id extends OperationId> = { [Name in keyof Part<Id, 'path'>]: string | number };

/** The parameters of the query. */
export type QueryOf<Id extends OperationId> = Part<Id, 'query'>;

type Json<T> = T extends { content: { 'application/json': infer Body } }
  ? Body
  : T extends { content: { '*/*': unknown } }
    ? unknown
    : never;

/** The JSON of the request body. */
export type BodyOf<Id extends OperationId> = operations[Id] extends { requestBody?: infer Body }
  ? Json<NonNullable<Body>>
  : never;

type Contents<T> = T extends { content: infer Content } ? Content : never;
type Read<Content> = Content extends { 'application/json': infer Body } ? AnyOf<Body> : string;

/** One of several objects, of which a member may be read that only some have. */
type AnyOf<Union> = [IsUnion<Union>, Union] extends [true, object]
  ? [Extract<Union, readonly unknown[]>] extends [never]
    ? Union & { [Key in KeyOf<Union>]?: ValueOf<Union, Key> }
    : Union
  : Union;
type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Key> = Union extends unknown ? (Key extends keyof Union ? Union[Key] : never) : never;
type IsUnion<Type, Whole = Type> = true extends (Type extends unknown ? ([Whole] extends [Type] ? false : true) : never)
  ? true
  : false;

/** The body of the response with this status: its JSON where it has any, else a text; of any form where the contract has no such response. */
export type ResponseOf<Id extends OperationId, Status extends number> = Status extends keyof operations[Id]['responses']
  ? Read<Contents<operations[Id]['responses'][Status]>>
  : Loose;
