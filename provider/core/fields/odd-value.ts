/**
 * A value that no argument takes, in place of which the engine would hand over something else without a word: a `Map` arrives as an empty
 * object. The program side names it, and `check` refuses it where it stands.
 */
export class OddValue {
  constructor(
    /** For example "a Map". */
    readonly kind: string,
    /** What to write instead; a sentence, or nothing. */
    readonly remedy: string,
  ) {}
}

const HALF_CHARACTER = /\p{Surrogate}/u;

/** What a value that is no plain one is, or `undefined` for plain ones: texts, finite numbers, booleans, lists, plain objects, nothing. */
export function oddnessOf(value: unknown): OddValue | undefined {
  switch (typeof value) {
    case "bigint":
      return new OddValue("a BigInt", "Write it as a string, or as a number.");
    case "function":
      return new OddValue("a function", "Call it, and give its result.");
    case "symbol":
      return new OddValue("a symbol", "");
    case "string":
      // The engine takes no text that is no Unicode, and says so without a name.
      return HALF_CHARACTER.test(value)
        ? new OddValue(
            "a text with half a character in it",
            "A cut through the middle of an emoji leaves such a half.",
          )
        : undefined;
    case "number":
      return Number.isFinite(value) ? undefined : new OddValue(`the number ${String(value)}`, "");
    case "object":
      return value === null || isPlain(value) ? undefined : oddObject(value);
    default:
      return undefined;
  }
}

/** Lists and objects without a class. A program may run in a realm of its own, with an `Object` of its own. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) {
    return true;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const REMEDIES: Readonly<Record<string, string>> = {
  Map: "Make an object of it with Object.fromEntries().",
  Set: "Make a list of it with [...set].",
  Date: "Make a string of it with toISOString().",
};

function oddObject(value: object): OddValue {
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (name !== "Object") {
    return new OddValue(`a ${name}`, REMEDIES[name] ?? "");
  }
  const ownName = (value.constructor as { name?: unknown } | undefined)?.name;
  return new OddValue(
    typeof ownName === "string" && ownName !== "" ? `an instance of ${ownName}` : "an instance of a class",
    "Give a plain object.",
  );
}
