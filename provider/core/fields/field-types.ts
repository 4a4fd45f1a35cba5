import { holdsUndefined, nothingReason, slipIn, strayCharacterIn, trimmed } from "../plain-text";
import { labelOf, wrongKind, type Shape } from "../shape";
import { didYouMean } from "../suggest";
import { elementPath, type Findings } from "./findings";
import { UNKNOWN, type Unknown } from "./unknown";

/**
 * What kind of value a field holds: how anything a program writes becomes its one canonical form.
 *
 * `Canonical` is what state stores and what `diff` compares; `Given` is what a program may write.
 */
export interface FieldType<Canonical, Given = Canonical> {
  /** What values look like: tables, refusals and the schema derive from it. */
  readonly shape: Shape;
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
  /** What texts of this form are called, where that is more than a string. */
  readonly form?: Extract<Shape, { kind: "text" }>["form"];
}

/**
 * A string, trimmed at both ends as the servers do. Refuses what a server would refuse or change, such as control characters, and what is
 * no value but JavaScript's word for something else, such as an Output in a template string.
 */
export function text(limits: TextLimits = {}): FieldType<string> {
  const { minChars, maxChars, form } = limits;
  const shape: Shape = { kind: "text", minChars, maxChars, form };
  return {
    shape,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (typeof value !== "string") {
        findings.refuse(path, wrongKind(shape, value));
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
  const shape: Shape = { kind: "flag" };
  return {
    shape,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN || typeof value === "boolean") {
        return value;
      }
      findings.refuse(path, wrongKind(shape, value));
      return undefined;
    },
  };
}

/** A whole number within limits, both included. */
export function integer(limits: { readonly min: number; readonly max: number }): FieldType<number> {
  const shape: Shape = { kind: "integer", ...limits };
  return {
    shape,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (typeof value !== "number" || !Number.isInteger(value)) {
        findings.refuse(path, wrongKind(shape, value));
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

/**
 * One of a closed list of words.
 *
 * @param synonyms what people write for one of them, in lower case; it is refused with the right word
 */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  synonyms: Readonly<Record<string, Word>> = {},
): FieldType<Word> {
  const shape: Shape = { kind: "enum", words };
  return {
    shape,
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
        const guess =
          typeof given === "string"
            ? didYouMean(synonyms[given.toLowerCase().replace("-", "_")] ?? given, words)
            : "";
        findings.refuse(path, `must be ${labelOf(shape)}.${guess}`);
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
  const shape: Shape = { kind: "set", element: item.shape };
  return {
    shape,
    normalise: (value, path, findings) => {
      if (value === UNKNOWN) {
        return UNKNOWN;
      }
      if (!Array.isArray(value)) {
        findings.refuse(path, wrongKind(shape, value));
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
