import { holdsUndefined, nothingReason, slipIn, strayCharacterIn, trimmed } from "../plain-text";
import { didYouMean } from "../suggest";
import { elementPath, type Findings } from "./findings";
import { UNKNOWN, type Unknown } from "./unknown";

/**
 * What kind of value a field holds: how anything a program writes becomes its one canonical form.
 *
 * `Canonical` is what state stores and what `diff` compares; `Given` is what a program may write.
 */
export interface FieldType<Canonical, Given = Canonical> {
  /** The type and its limits as the argument table shows them, for example `string, at most 255 characters`. */
  readonly label: string;
  /**
   * The canonical form of `value`, which is neither null nor undefined; `undefined` when it is refused (and reported)
   * or empty; `UNKNOWN` when the canonical form cannot be told yet.
   */
  normalise(value: unknown, path: string, findings: Findings): Canonical | Unknown | undefined;
  /** Whether two canonical values mean the same. Deep equality by default. */
  equal?(a: Canonical, b: Canonical): boolean;
  /**
   * A live value in the order of a recorded one that means the same: what both have stands where it stood, and what is new comes after it,
   * sorted. Without it a path such as `userTags[0]` would name another element after every read.
   */
  inOrderOf?(live: Canonical, recorded: Canonical): Canonical;
  /** Whether two elements of a list stand for the same thing, whatever else differs between them. Deep equality by default. */
  isSameElement?(a: unknown, b: unknown): boolean;
  /**
   * The canonical form as far as it decides about property paths, that is about the keys of maps: made in the program, before the engine
   * sees the value, so that `ignoreChanges` and diffs name the same member in every run. Values may still be outputs. What cannot be
   * brought into that form stays as it is, for `normalise` to refuse.
   */
  withCanonicalKeys?(given: unknown): unknown;
  /** The canonical form of a key in a property path. */
  canonicalKey?(given: string): string;
  /** Lists and maps, which may hold values at several depths. */
  readonly isComposite?: true;
  /** Never read: carries the type of what a program may write. */
  readonly given?: Given;
}

/** Limits of a text. */
export interface TextLimits {
  /** In UTF-16 units, as the servers' Java counts: most emoji are two. */
  readonly maxChars?: number;
  /** In characters as people count, the stricter of the two counts here. */
  readonly minChars?: number;
  /** Line breaks and tabs may stand in it. */
  readonly multiline?: boolean;
  /** Further rules, tried after trimming and the length limits. */
  inspect?(value: string, path: string, findings: Findings): void;
  /** Replaces the generated label. */
  readonly label?: string;
}

/**
 * A string, trimmed at both ends as the servers do. Refuses what a server would refuse or change, such as control characters, and what is
 * no value but JavaScript's word for something else, such as an Output in a template string.
 */
export function text(limits: TextLimits = {}): FieldType<string> {
  return {
    label: limits.label ?? textLabel(limits),
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (typeof value !== "string") {
        findings.refuse(path, `must be a string, but is ${kindOf(value)}.`);
        return undefined;
      }
      const canonical = trimmed(value);
      if (canonical === "") {
        return undefined;
      }
      const refusal = reasonToRefuse(canonical, limits);
      if (refusal !== undefined) {
        findings.refuse(path, refusal);
        return undefined;
      }
      if (holdsUndefined(canonical)) {
        findings.warn(path, nothingReason());
      }
      limits.inspect?.(canonical, path, findings);
      return canonical;
    },
  };
}

function reasonToRefuse(
  text: string,
  { maxChars, minChars, multiline = false }: TextLimits,
): string | undefined {
  const refusal = slipIn(text) ?? strayCharacterIn(text, { multiline });
  if (refusal !== undefined) {
    return refusal;
  }
  if (!multiline && holdsUndefined(text)) {
    return nothingReason();
  }
  const characters = [...text].length;
  if (maxChars !== undefined && text.length > maxChars) {
    const how = characters < text.length ? `, since the servers count most emoji as two` : "";
    return `must be at most ${maxChars} characters long, but has ${text.length}${how}. Shorten it.`;
  }
  if (minChars !== undefined && characters < minChars) {
    return `must be at least ${minChars} characters long, but has ${characters}. Give a longer one.`;
  }
  return undefined;
}

/** `true` or `false`. The strings `"true"` and `"false"`, as Pulumi config gives them, are refused with the way out. */
export function flag(): FieldType<boolean> {
  return {
    label: "boolean",
    normalise: (value, path, findings) => {
      if (value === UNKNOWN || typeof value === "boolean") {
        return value;
      }
      const remedy =
        value === "true" || value === "false"
          ? " Read it with config.getBoolean(), or write it without quotes."
          : "";
      findings.refuse(path, `must be true or false, but is ${kindOf(value)}.${remedy}`);
      return undefined;
    },
  };
}

/** A whole number within limits, both included. */
export function integer(limits: { readonly min: number; readonly max: number }): FieldType<number> {
  return {
    label: `integer, ${limits.min} to ${limits.max}`,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (typeof value !== "number" || !Number.isInteger(value)) {
        const remedy =
          typeof value === "string" ? " Read it with config.getNumber(), or write it without quotes." : "";
        findings.refuse(path, `must be a whole number, but is ${kindOf(value)}.${remedy}`);
        return undefined;
      }
      if (value < limits.min || value > limits.max) {
        findings.refuse(path, `must lie between ${limits.min} and ${limits.max}.`);
        return undefined;
      }
      return value;
    },
  };
}

/** One of a closed list of words. */
export function oneOf<const Word extends string>(words: readonly Word[]): FieldType<Word> {
  return {
    label: words.map((word) => `"${word}"`).join(" or "),
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      const given = typeof value === "string" ? trimmed(value) : value;
      if (given === "") {
        return undefined;
      }
      const word = words.find((candidate) => candidate === given);
      if (word === undefined) {
        const guess = typeof given === "string" ? didYouMean(given, words) : "";
        findings.refuse(path, `must be ${words.map((w) => `"${w}"`).join(" or ")}.${guess}`);
      }
      return word;
    },
  };
}

/**
 * A list whose order and repetitions mean nothing. It keeps the order and the length that the program gave it, because the engine copies
 * elements by their position before anybody compares.
 */
export function setOf(item: FieldType<string>): FieldType<string[]> {
  return {
    label: `list of ${item.label}`,
    isComposite: true,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (!Array.isArray(value)) {
        findings.refuse(path, `must be a list, but is ${kindOf(value)}. Put it in square brackets.`);
        return undefined;
      }
      const members: string[] = [];
      let anyUnknown = false;
      value.forEach((element: unknown, index) => {
        const at = elementPath(path, index);
        const refusedBefore = findings.issues.length;
        const member = isBlank(element) ? undefined : item.normalise(element, at, findings);
        if (member === UNKNOWN) {
          anyUnknown = true;
        } else if (member !== undefined) {
          members.push(member);
        } else if (findings.issues.length === refusedBefore) {
          findings.refuse(at, "must not be empty. Remove the element.");
        }
      });
      return anyUnknown ? UNKNOWN : members;
    },
    equal: isSameSet,
    inOrderOf,
  };
}

/** Whether two lists have the same members, in whatever order and however often. */
export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a);
  const right = new Set(b);
  return left.size === right.size && [...left].every((value) => right.has(value));
}

/** The members of a live list as a recorded one has them, order and repetitions included; then those that only the live one has, sorted. */
export function inOrderOf(live: readonly string[], recorded: readonly string[]): string[] {
  const present = new Set(live);
  const known = new Set(recorded);
  return [
    ...recorded.filter((member) => present.has(member)),
    ...[...present].filter((member) => !known.has(member)).sort(),
  ];
}

/** Null and undefined: what a program writes when it means "not given". */
export function isBlank(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** A value's kind in words, for sentences such as "must be a string, but is a list". Never the value. */
export function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  const kinds: Partial<Record<string, string>> = {
    string: "a string",
    number: "a number",
    boolean: "a boolean",
    object: "an object",
    undefined: "missing",
  };
  return kinds[typeof value] ?? `a ${typeof value}`;
}

function textLabel(limits: TextLimits): string {
  if (limits.minChars !== undefined && limits.maxChars !== undefined) {
    return `string, ${limits.minChars} to ${limits.maxChars} characters`;
  }
  return limits.maxChars === undefined ? "string" : `string, at most ${limits.maxChars} characters`;
}
