import { z } from "zod";
import { suggestion } from "./suggestion";

/** Something that a caller said in a place where it cannot stand. The message has a line for each problem. */
export class InputError extends RangeError {
  override readonly name = "InputError";
}

/** Texts that may be repeated in a message: names of things. Anything else may be a secret. */
const NAME = /^[\w.:*/ -]{1,60}$/;

/** Real time on a calendar that every part of the emulator can print, epoch milliseconds. */
const FIRST_MOMENT_MS = Date.UTC(1970, 0, 1);
const LAST_MOMENT_MS = Date.UTC(9999, 11, 31);

interface Parts {
  readonly words: string;
  readonly meaning: string;
  readonly schema: z.ZodType;
  readonly isOptional?: boolean;
  readonly choices?: readonly string[];
  readonly noun?: string;
  readonly members?: ReadonlyMap<string, Value<unknown>>;
  readonly item?: Value<unknown>;
  readonly variants?: ReadonlyMap<string, Value<unknown>>;
}

/**
 * What may be said in one place: the check, the words for it and the meaning in one entry. Start options, switches, fault
 * rules, objects and actions are made of these, and so is their reference page.
 */
export class Value<T> {
  /** What it takes, such as `integer from 0 to 65535`. */
  readonly words: string;
  /** What it does, in sentences. */
  readonly meaning: string;
  /** True when it may be left out. */
  readonly isOptional: boolean;
  /** The members of an object by name, in order. */
  readonly members: ReadonlyMap<string, Value<unknown>> | undefined;
  /** The forms of an object that has several, by the value of `kind`. */
  readonly variants: ReadonlyMap<string, Value<unknown>> | undefined;
  /** What a list holds. */
  readonly item: Value<unknown> | undefined;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.words = parts.words;
    this.meaning = parts.meaning;
    this.isOptional = parts.isOptional ?? false;
    this.members = parts.members;
    this.variants = parts.variants;
    this.item = parts.item;
    this.parts = parts;
  }

  /** True when the value can stand here. */
  accepts(value: unknown): value is T {
    return this.parts.schema.safeParse(value).success;
  }

  /**
   * The value itself, if it can stand here.
   * @param what what is checked, for a problem with the whole of it: `The fault rule`
   * @throws InputError with a line for each problem, beginning with the path of the member
   */
  check(value: unknown, what: string): T {
    const result = this.parts.schema.safeParse(value);
    // The value and not the parser's copy: rows keep the objects that they are given.
    if (result.success) {
      return value as T;
    }
    throw new InputError(
      result.error.issues.flatMap((issue) => this.problems(issue, value, what)).join("\n"),
    );
  }

  private problems(issue: z.core.$ZodIssue, root: unknown, what: string): string[] {
    const { at, given, path } = this.find(issue.path, root);
    if (issue.code === "unrecognized_keys") {
      const { noun = "member", members } = at.parts;
      return issue.keys.map(
        (key) => `${pathText([...path, key])}: ${noSuch(noun, key, [...(members?.keys() ?? [])])}`,
      );
    }
    const subject = path.length === 0 ? what : `${pathText(path)}:`;
    if (given === undefined) {
      return [`${subject} is missing; it takes ${article(at.words)}.`];
    }
    const { choices } = at.parts;
    const wrong = Array.isArray(given) ? given.findIndex((item) => !choices?.includes(String(item))) : -1;
    if (choices !== undefined && choices.length > 0 && wrong >= 0) {
      const item: unknown = (given as unknown[])[wrong];
      const near =
        typeof item === "string" && NAME.test(item) ? `, not "${item}".${suggestion(item, choices)}` : ".";
      return [`${pathText([...path, wrong])}: takes ${article(at.words)}${near}`];
    }
    if (choices !== undefined && choices.length > 0 && typeof given === "string" && NAME.test(given)) {
      return [`${subject} takes ${article(at.words)}, not "${given}".${suggestion(given, choices)}`];
    }
    return [`${subject} takes ${article(at.words)}.`];
  }

  /** The entry that is responsible for a path, and what stands there. */
  private find(
    path: readonly PropertyKey[],
    root: unknown,
  ): { at: Value<unknown>; given: unknown; path: readonly PropertyKey[] } {
    let at = this as Value<unknown>;
    let given = root;
    const walked: PropertyKey[] = [];
    for (const key of path) {
      const kind = at.variants === undefined ? undefined : own(given, "kind");
      if (typeof kind === "string") {
        at = at.variants?.get(kind) ?? at;
      }
      const next = at.members?.get(String(key)) ?? (at.variants === undefined ? at.item : at);
      if (next === undefined) {
        break;
      }
      walked.push(key);
      at = next;
      given = own(given, key);
    }
    const kind = at.variants === undefined ? undefined : own(given, "kind");
    return { at: (typeof kind === "string" ? at.variants?.get(kind) : undefined) ?? at, given, path: walked };
  }

  /** The same, free to be left out. */
  optional(): Value<T | undefined> {
    return new Value({ ...this.parts, schema: this.parts.schema.optional(), isOptional: true });
  }

  /** The parser, for entries that are made of others. */
  static schemaOf(value: Value<unknown>): z.ZodType {
    return value.parts.schema;
  }

  /** The closed list that it takes from, for entries that are made of others. */
  static choicesOf(value: Value<unknown>): readonly string[] {
    return value.parts.choices ?? [];
  }
}

/** The members of an object of this type, none forgotten. */
export type Members<T> = { readonly [K in keyof T]-?: Value<T[K]> };

/** A text; `rule` narrows it down and `words` says how. */
export function text(meaning: string, rule?: RegExp, words = "text"): Value<string> {
  return new Value({ meaning, words, schema: rule === undefined ? z.string() : z.string().regex(rule) });
}

/** A text that is not empty. */
export function word(meaning: string): Value<string> {
  return new Value({ meaning, words: "text that is not empty", schema: z.string().min(1) });
}

/** An integer within limits. */
export function integer(meaning: string, min: number, max = Number.MAX_SAFE_INTEGER): Value<number> {
  const upTo =
    max === Number.MAX_SAFE_INTEGER ? `of at least ${String(min)}` : `from ${String(min)} to ${String(max)}`;
  return new Value({ meaning, words: `integer ${upTo}`, schema: z.int().min(min).max(max) });
}

/** A finite number. */
export function number(meaning: string): Value<number> {
  return new Value({ meaning, words: "number", schema: z.number() });
}

/** A moment in epoch milliseconds, from 1970 to 9999: dates beyond cannot be printed everywhere. */
export function moment(meaning: string): Value<number> {
  return new Value({
    meaning,
    words: "moment from 1970 to 9999 in epoch milliseconds",
    schema: z.number().refine(isMoment),
  });
}

/** True for a moment that every part of the emulator can print. */
export function isMoment(ms: number): boolean {
  return ms >= FIRST_MOMENT_MS && ms <= LAST_MOMENT_MS;
}

/** A yes or no. */
export function flag(meaning: string): Value<boolean> {
  return new Value({ meaning, words: "true | false", schema: z.boolean() });
}

/** One of a closed list. */
export function choice<const T extends string | number | boolean>(
  meaning: string,
  values: readonly T[],
): Value<T> {
  return new Value({
    meaning,
    words: values.map((value) => JSON.stringify(value)).join(" | "),
    choices: values.map(String),
    schema: z.literal(values),
  });
}

/** A name of a list that is too long to be repeated in words. */
export function nameOf(meaning: string, words: string, names: readonly string[]): Value<string> {
  return new Value({
    meaning,
    words,
    choices: names,
    schema: z.string().refine((given) => names.includes(given)),
  });
}

/** A list. */
export function list<T>(meaning: string, item: Value<T>): Value<readonly T[]> {
  return new Value({
    meaning,
    words: `list of: ${item.words}`,
    item: item,
    schema: z.array(Value.schemaOf(item as Value<unknown>)),
  });
}

/** An object with any names for its members, as far as they follow the rule. */
export function record<T>(meaning: string, item: Value<T>, names = /^/): Value<Readonly<Record<string, T>>> {
  return new Value({
    meaning,
    words: `object of: ${item.words}`,
    item: item,
    schema: z.record(z.string().regex(names), Value.schemaOf(item as Value<unknown>)),
  });
}

/** An object with these members and no others. `noun`: what one of them is called in a message. */
export function object<T>(meaning: string, members: Members<T>, noun = "member"): Value<T> {
  const entries = Object.entries<Value<unknown>>(members);
  return new Value({
    meaning,
    words: entries.length === 0 ? "empty object" : `object with ${entries.map(([name]) => name).join(", ")}`,
    noun,
    members: new Map(entries),
    schema: z.strictObject(Object.fromEntries(entries.map(([name, value]) => [name, Value.schemaOf(value)]))),
  });
}

/** An object with all members free to be left out. */
export function partial<T>(meaning: string, members: Members<T>, noun = "member"): Value<Partial<T>> {
  const free = Object.entries<Value<unknown>>(members).map(
    ([name, value]) => [name, value.optional()] as const,
  );
  return object(meaning, Object.fromEntries(free) as unknown as Members<Partial<T>>, noun);
}

/** An object in one of several forms, told apart by its member `kind`. */
export function variants<T extends { readonly kind: string }>(
  meaning: string,
  forms: { readonly [K in T["kind"]]: Form<Extract<T, { readonly kind: K }>> },
): Value<T> {
  const kinds = Object.keys(forms);
  const kind = choice("Which form it has.", kinds);
  const all = Object.entries<Form<{ kind: string }>>(forms).map(([name, form]) => {
    const members = { kind: choice("", [name]), ...form.members };
    return [name, object(form.meaning, members as Members<object>, `member of ${name}`)] as const;
  });
  const [first, ...rest] = all.map(([, form]) => Value.schemaOf(form) as z.ZodObject);
  const schema = first === undefined ? z.never() : z.discriminatedUnion("kind", [first, ...rest]);
  return new Value({
    meaning,
    words: `object whose kind is ${kind.words}`,
    members: new Map([["kind", kind]]),
    variants: new Map(all as [string, Value<unknown>][]),
    schema,
  });
}

/** One form of an object that has several: what it means, and its members besides `kind`. */
export interface Form<T> {
  readonly meaning: string;
  readonly members: Members<Omit<T, "kind">>;
}

/** Either of these. */
export function either<T>(meaning: string, ...values: readonly Value<T>[]): Value<T> {
  const [first, ...rest] = values.map((value) => Value.schemaOf(value as Value<unknown>));
  return new Value({
    meaning,
    words: values.map((value) => value.words).join(", or "),
    choices: values.flatMap((value) => Value.choicesOf(value as Value<unknown>)),
    schema: first === undefined ? z.never() : z.union([first, ...rest]),
  });
}

/** What no other entry describes: a function, an expression. */
export function other<T>(meaning: string, words: string, accepts: (value: unknown) => boolean): Value<T> {
  return new Value({ meaning, words, schema: z.unknown().refine(accepts) });
}

/** Any JSON value. */
export function anything(meaning: string): Value<unknown> {
  return new Value({ meaning, words: "any value", schema: z.unknown() });
}

/** The sentence for a name that nothing has. */
export function noSuch(noun: string, given: string, names: readonly string[]): string {
  const near = NAME.test(given) ? suggestion(given, names) : "";
  const all = names.length === 0 ? " There are none." : ` There are: ${names.join(", ")}.`;
  return `There is no such ${noun}.${near === "" ? all : near}`;
}

function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    text += typeof key === "number" ? `[${String(key)}]` : `${text === "" ? "" : "."}${String(key)}`;
  }
  return text;
}

function own(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function article(words: string): string {
  if (/^(text|list|number|moment|name|function)\b/.test(words)) {
    return `a ${words}`;
  }
  return /^(integer|object|empty)\b/.test(words) ? `an ${words}` : words;
}
