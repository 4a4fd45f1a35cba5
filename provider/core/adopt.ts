import { InputError } from "./errors";
import { isBlank, kindOf, text, type FieldType } from "./field-types";
import { idsOf, type IdNormaliser } from "./ids";
import { didYouMean } from "./suggest";
import { memberPath, type Report } from "./report";
import type { Context } from "./resource";
import { containsUnknown, UNKNOWN } from "./unknown";

/**
 * What a create may take over besides an earlier attempt of its own:
 * `"never"` nothing; `"identical"` the one object that already is what would be made; `"byName"` the one object of that
 * name, else a new one; `{ id }` that object and no other.
 */
export type Adopt = "never" | "identical" | "byName" | { id: string };

const WORDS: readonly string[] = ["never", "identical", "byName"];

const plainId = idsOf(text());

/** The argument `adopt`, with the ids of one kind of object. */
export function adoptPolicy(normaliseId: IdNormaliser = plainId): FieldType<Adopt> {
  return {
    label: '"never", "identical", "byName" or { id }',
    normalise: (value, path, report) => {
      if (containsUnknown(value)) {
        return UNKNOWN;
      }
      if (typeof value === "string") {
        const word = value.trim();
        if (word === "" || WORDS.includes(word)) {
          return word === "" ? undefined : (word as Adopt);
        }
        report.refuse(
          path,
          `must be "never", "identical", "byName" or { id: "…" }.${didYouMean(word, WORDS)}`,
        );
        return undefined;
      }
      if (typeof value !== "object" || Array.isArray(value)) {
        report.refuse(
          path,
          `must be "never", "identical", "byName" or { id: "…" }, but is ${kindOf(value)}.`,
        );
        return undefined;
      }
      const { id, ...others } = value as Record<string, unknown>;
      for (const name of Object.keys(others)) {
        report.refuse(memberPath(path, name), `is not a member of adopt.${didYouMean(name, ["id"])}`);
      }
      const at = memberPath(path, "id");
      const refusedBefore = report.issues.length;
      const normalised = isBlank(id) ? undefined : normaliseId(id, at, report);
      if (normalised === undefined) {
        if (report.issues.length === refusedBefore) {
          report.refuse(at, "is required.");
        }
        return undefined;
      }
      return { id: normalised };
    },
  };
}

/** Refuses `adopt: "byName"` without an explicit name: an automatic one was made for this resource, so nobody else has it. */
export function requireNameForByName(
  inputs: Readonly<Record<string, unknown>>,
  report: Report,
  given: Readonly<Record<string, unknown>>,
): void {
  const { name } = given;
  const isGiven = !isBlank(name) && !(typeof name === "string" && name.trim() === "");
  if (inputs["adopt"] === "byName" && !isGiven) {
    report.refuse("adopt", '"byName" needs an explicit name: an automatic one is never found on the server.');
  }
}

/** How existing objects of a kind are looked for. */
export interface AdoptionSearch<Live> {
  /** For example "DingTalk endpoint". */
  readonly noun: string;
  idOf(live: Live): string;
  /** The canonical form of an id that a program wrote. */
  normaliseId(given: string): string;
  /** The object with this id. Throws when it is of another kind; `undefined` when there is none. */
  byId(id: string): Promise<Live | undefined>;
  /** All objects of exactly the declared name. */
  byName(): Promise<readonly Live[]>;
  /** Whether an object already is what the create call would make. */
  isIdentical(live: Live): boolean;
}

/**
 * The id of the existing object that a create takes over, by what `adopt` says; `undefined` when it makes a new one.
 *
 * @throws InputError when the named object is missing, several match, or another resource of this process has it
 */
export async function findToAdopt<Live>(
  ctx: Context,
  adopt: Adopt,
  search: AdoptionSearch<Live>,
): Promise<string | undefined> {
  if (adopt === "never") {
    return undefined;
  }
  if (typeof adopt === "object") {
    const named = await search.byId(adopt.id);
    if (named !== undefined) {
      return adoptObject(ctx, search.noun, search.idOf(named));
    }
    if (ctx.ids.isSeen(search.normaliseId(adopt.id))) {
      // A replacement has just deleted the object that was once taken over; the declaration goes on without it.
      return undefined;
    }
    throw new InputError(`adopt: there is no ${search.noun} ${adopt.id}, or this account cannot see it.`, {
      hint: "Check the id, or leave `adopt` out to create a new one.",
    });
  }
  const namesakes = await search.byName();
  const matches = adopt === "byName" ? namesakes : namesakes.filter((live) => search.isIdentical(live));
  const [match] = matches;
  if (match === undefined) {
    return undefined;
  }
  if (matches.length > 1) {
    throw new InputError(
      `adopt: ${matches.length} ${search.noun}s match: ${matches.map((live) => search.idOf(live)).join(", ")}.`,
      { hint: "Say which one with `adopt: { id }`, or remove the others." },
    );
  }
  return adoptObject(ctx, search.noun, search.idOf(match));
}

/**
 * Claims an existing object for one create.
 *
 * @throws InputError when another resource of this process has it
 */
export function takeOver(ctx: Context, noun: string, id: string): string {
  if (!ctx.ids.take(id, ctx.identity?.key)) {
    throw new InputError(`The ${noun} ${id} already belongs to another resource of this program.`, {
      hint: "One object can be managed by one resource only. Remove one of the two, or name another object in `adopt`; where one was renamed, give it an alias of its old name.",
    });
  }
  return id;
}

function adoptObject(ctx: Context, noun: string, id: string): string {
  takeOver(ctx, noun, id);
  ctx.log.warn(`Takes over the existing ${noun} ${id}. Destroying this resource will delete it.`);
  return id;
}
