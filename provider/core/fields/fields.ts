import type { FieldType } from "./field-types";
import { cutTo, plainOneLine } from "../plain-text";

/** Who a resource is before it exists: what names and ids are derived from. */
export interface ResourceIdentity {
  /** Stable for the life of a resource, whatever it is renamed to: 64 hex digits. */
  readonly key: string;
  /** The Pulumi name it was first registered under. */
  readonly name: string;
}

/**
 * What a change of a field does: `update` it in place, `replace` the object, or nothing (`ignored`: the field steers an
 * operation and describes nothing on the server). A function decides from the new value.
 */
export type ChangeRule = "update" | "replace" | "ignored" | ((next: unknown) => "update" | "replace");

/** One argument, described once: its JSDoc comment gives the meaning, the rest is derived from here. */
export interface Field {
  // Each entry has its own value type; the table as a whole cannot name them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly type: FieldType<any, any>;
  readonly required?: true;
  /** The value when the program gives none. */
  readonly default?: unknown;
  /** Encrypted in state, and never printed. */
  readonly secret?: true;
  /** Tells about persons: stored in clear unless the program says otherwise, but never quoted in messages. */
  readonly personal?: true;
  readonly change: ChangeRule;
  /** The server does not know this argument: a read takes it over from the state. */
  readonly local?: true;
  /** Names the object's own id: equal to it, or left out, is no change. */
  readonly isId?: true;
  /** The server can change the value but not take it away: leaving it out, once it was given, is refused. */
  readonly unclearable?: true;
}

/** A value the server makes, which no program can set. */
export interface OutputField {
  /** The same value as the resource's id, which stays known in every preview. */
  readonly isId?: true;
}

export type FieldTable = Readonly<Record<string, Field>>;
export type OutputTable = Readonly<Record<string, OutputField>>;

/** A default that is derived from the resource's identity. */
export class DerivedDefault<Value> {
  constructor(
    /** What the argument table says. */
    readonly label: string,
    readonly derive: (identity: ResourceIdentity) => Value,
  ) {}
}

const AUTO_NAME_HEX_DIGITS = 7;

/**
 * A name made of the Pulumi name, cut so that it fits, and seven hex digits of the resource key: the same in preview,
 * in `up` and in a repeated attempt, and different in every stack. What no server keeps in a name becomes a dash.
 *
 * @param maxChars in UTF-16 units
 */
export function autoName(maxChars: number): DerivedDefault<string> {
  return new DerivedDefault("auto-named", ({ key, name }) => {
    const suffix = `-${key.slice(0, AUTO_NAME_HEX_DIGITS)}`;
    return cutTo(maxChars - suffix.length, plainOneLine(name)) + suffix;
  });
}

/** Keeps the literal types of a field table. */
export function defineFields<const Fields extends FieldTable>(fields: Fields): Fields {
  return fields;
}

type CanonicalOf<F> = F extends { readonly type: FieldType<infer Canonical, infer _> } ? Canonical : never;
type GivenOf<F> = F extends { readonly type: FieldType<infer _, infer Given> } ? Given : never;
type AlwaysThere<F> = F extends { readonly required: true } | { readonly default: unknown } ? true : false;

// Everything below maps with `Pick` and `keyof`, never with an `as` clause: only then do editors carry the JSDoc comment of
// a field table's entry over to arguments and outputs.
type AlwaysKeys<Fields> = {
  [K in keyof Fields]: AlwaysThere<Fields[K]> extends true ? K : never;
}[keyof Fields];
type RequiredKeys<Fields> = {
  [K in keyof Fields]: Fields[K] extends { readonly required: true } ? K : never;
}[keyof Fields];
type Canonicals<Fields> = { -readonly [K in keyof Fields]: CanonicalOf<Fields[K]> };
type Givens<Fields> = { -readonly [K in keyof Fields]: GivenOf<Fields[K]> };
type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** The canonical inputs of a resource: plain values, defaults filled in. */
export type InputsOf<Fields> = Pick<Canonicals<Fields>, AlwaysKeys<Fields>> &
  Optional<Omit<Canonicals<Fields>, AlwaysKeys<Fields>>>;

/** What a program may write, as plain values. A front wraps them in its own notion of "maybe later". */
export type GivenInputsOf<Fields> = Pick<Givens<Fields>, RequiredKeys<Fields>> &
  Optional<Omit<Givens<Fields>, RequiredKeys<Fields>>>;

/** The outputs of a resource besides its inputs. All are strings. */
export type OutputsOf<Outputs> = { [K in keyof Outputs]: string };

type IdKeys<Outputs> = {
  [K in keyof Outputs]: Outputs[K] extends { readonly isId: true } ? K : never;
}[keyof Outputs];

/** What state holds: the canonical inputs as the server has them, and the outputs. Only the id is there for certain. */
export type StateOf<Fields, Outputs> = InputsOf<Fields> &
  Pick<OutputsOf<Outputs>, IdKeys<Outputs>> &
  Optional<Omit<OutputsOf<Outputs>, IdKeys<Outputs>>>;

/** Every member of a state, `undefined` where there is none: what reads a state from the wire must deal with each of them. */
export type Complete<State> = { [K in keyof Required<State>]: State[K] };
