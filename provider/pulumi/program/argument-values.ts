import * as pulumi from "@pulumi/pulumi";
import type { Field } from "../../core/fields/fields";
import { oddnessOf, OddValue } from "../../core/fields/odd-value";
import { isComposite } from "../../core/shape";
import { stepsOf } from "../../core/fields/ignored-elements";
import { oddMarker } from "../wire";

/**
 * What happens to arguments in the program, before the engine sees them: whatever decides about property paths is made canonical, since the
 * engine applies `ignoreChanges` to what it is given; and values that the SDK would send as something else are named.
 */

type Fields = Readonly<Record<string, Field>>;

/** The value of one argument as it goes to the engine. */
export function argumentValue(field: Field | undefined, given: unknown): unknown {
  if (given === undefined || given === null) {
    return given;
  }
  const prepare = (value: unknown): unknown => {
    // What no argument takes is named before anything looks into it: a Map would be taken for an object without keys.
    const isOdd = oddnessOf(value) !== undefined;
    const canonical = isOdd ? value : (field?.type.withCanonicalKeys?.(value) ?? value);
    return withoutOddValues(canonical, isDeep(field));
  };
  return field?.secret === true ? pulumi.secret(prepare(given)) : prepareLate(given, prepare, field);
}

function prepareLate(
  given: unknown,
  prepare: (value: unknown) => unknown,
  field: Field | undefined,
): unknown {
  if (pulumi.Output.isInstance(given)) {
    return isDeep(field) ? given.apply(prepare) : given;
  }
  if (given instanceof Promise) {
    return isDeep(field) ? given.then((value) => prepareLate(value, prepare, field)) : given;
  }
  // Numbers in a list may come late: the keys can only be made when all are known.
  if (field?.type.withCanonicalKeys !== undefined && Array.isArray(given) && given.some(isLate)) {
    return pulumi.output(given as pulumi.Input<unknown>[]).apply(prepare);
  }
  return prepare(given);
}

/** Arguments that are none of this resource's are looked at as well: check refuses them, and must see that they are there. */
function isDeep(field: Field | undefined): boolean {
  return field !== undefined && isComposite(field.type.shape);
}

function isLate(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** `value` with a marker in place of everything that no argument takes. Late values are looked at when they are known. */
function withoutOddValues(value: unknown, looksIntoLate: boolean, within: readonly unknown[] = []): unknown {
  if (isLate(value)) {
    const prepare = (known: unknown): unknown => withoutOddValues(known, looksIntoLate);
    return !looksIntoLate
      ? value
      : pulumi.Output.isInstance(value)
        ? value.apply(prepare)
        : (value as Promise<unknown>).then(prepare);
  }
  if (pulumi.Resource.isInstance(value)) {
    return oddMarker(new OddValue("a resource", "Give one of its outputs, such as its `uuid`."));
  }
  if (pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value)) {
    return oddMarker(new OddValue("an asset or archive", ""));
  }
  const odd = within.includes(value) ? new OddValue("a part of itself", "") : oddnessOf(value);
  if (odd !== undefined) {
    return oddMarker(odd);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const around = [...within, value];
  if (Array.isArray(value)) {
    return Array.from(value as unknown[], (element) => withoutOddValues(element, looksIntoLate, around));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutOddValues(member, looksIntoLate, around)]),
  );
}

/** What only the program can tell of its arguments. */
export interface ArgumentNotes {
  /** The names of those that are given as secrets, besides those that always are. */
  readonly secrets: string[];
  /** The names of those that are not known yet, or never will be: the engine leaves them out when the resource they come from has failed. */
  readonly unknown: string[];
}

/**
 * Looks at all arguments that come late.
 *
 * @param ignored `ignoreChanges`: for what it names the engine puts the recorded value in place of an unknown one
 */
export async function notesOn(
  fields: Fields,
  args: Readonly<Record<string, unknown>>,
  ignored: readonly string[],
): Promise<ArgumentNotes> {
  const late = Object.entries(args).filter(([, value]) => holdsLate(value));
  const notes = await Promise.all(
    late.map(async ([name, value]) => {
      const output = pulumi.output(value);
      const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
      return { name, isKnown: await isKnown, isSecret: await pulumi.isSecret(output) };
    }),
  );
  const isIgnored = (name: string): boolean => ignored.some((path) => stepsOf(path)?.[0] === name);
  return {
    secrets: notes.flatMap(({ name, isSecret }) => (isSecret && fields[name]?.secret !== true ? [name] : [])),
    unknown: notes.flatMap(({ name, isKnown }) => (isKnown || isIgnored(name) ? [] : [name])),
  };
}

function holdsLate(value: unknown, depth = 0): boolean {
  if (isLate(value)) {
    return true;
  }
  // No argument goes deeper; one that holds itself would go on for ever.
  return (
    typeof value === "object" &&
    value !== null &&
    depth < 5 &&
    Object.values(value).some((member) => holdsLate(member, depth + 1))
  );
}

/** `ignoreChanges` with the keys of maps in the form in which the engine finds them. */
export function canonicalPaths(
  fields: Fields,
  args: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): string[] {
  return paths.map((path) => {
    const [name, member, ...rest] = stepsOf(path) ?? [];
    const type = typeof name === "string" ? fields[name]?.type : undefined;
    if (type?.canonicalKey === undefined || member === undefined || member === "*") {
      return path;
    }
    // A position in a list that becomes a map names the one who stands there.
    const list: unknown = typeof name === "string" ? args[name] : undefined;
    const key: unknown =
      typeof member === "number" ? (Array.isArray(list) ? list[member] : undefined) : member;
    return typeof key === "string"
      ? `${name}[${JSON.stringify(type.canonicalKey(key))}]${rest.map((step) => `[${JSON.stringify(step)}]`).join("")}`
      : path;
  });
}
