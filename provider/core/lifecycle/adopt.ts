import { diff } from "../fields/diff";
import { InputError } from "../errors";
import { flag, isBlank, text, type FieldType } from "../fields/field-types";
import { kindOf, type Shape } from "../shape";
import { trimmed } from "../plain-text";
import type { Field, FieldTable } from "../fields/fields";
import { idsOf, type IdNormaliser } from "../fields/ids";
import { redact, shortened } from "../redact";
import { didYouMean } from "../suggest";
import { memberPath, type Findings } from "../fields/findings";
import type { Context } from "./definition";
import { containsUnknown, UNKNOWN, type Unknown } from "../fields/unknown";

/**
 * What a create may take over besides an earlier attempt of its own:
 * `"never"` nothing; `"identical"` the one object that already is what would be made, else it makes a new one; `"byName"` the one object
 * of that name, else a new one; `{ id }` that object and no other. The last two take over what is exactly as declared and fail otherwise,
 * unless they say `overwrite`: then the object is changed to what is declared.
 */
export type Adopt =
  | "never"
  | "identical"
  | "byName"
  | { id: string; overwrite?: true | undefined }
  | { byName: true; overwrite: true };

/** What a program may write: `{ byName: true }` is `"byName"`, and `overwrite: false` is the same as leaving it out. */
export type AdoptGiven =
  | "never"
  | "identical"
  | "byName"
  | { id: string; overwrite?: boolean | undefined }
  | { byName: true; overwrite?: boolean | undefined };

const WORDS: readonly string[] = ["never", "identical", "byName"];
const MEMBERS: readonly string[] = ["id", "byName", "overwrite"];
const FORMS = '"never", "identical", "byName" or { id: "…" }';

const OVERWRITE = { shape: { kind: "flag" } } as const;

const SHAPE: Shape = {
  kind: "union",
  of: [
    { kind: "enum", words: WORDS },
    { kind: "object", members: { id: { shape: { kind: "text" }, required: true }, overwrite: OVERWRITE } },
    {
      kind: "object",
      members: { byName: { shape: { kind: "flag" }, required: true }, overwrite: OVERWRITE },
    },
  ],
};

const plainId = idsOf(text());

/** The argument `adopt`, with the ids of one kind of object. */
export function adoptPolicy(normaliseId: IdNormaliser = plainId): FieldType<Adopt, AdoptGiven> {
  return {
    shape: SHAPE,
    normalise: (value, path, findings) => {
      if (containsUnknown(value)) {
        return UNKNOWN;
      }
      if (typeof value === "string") {
        const word = trimmed(value);
        if (word === "" || WORDS.includes(word)) {
          return word === "" ? undefined : (word as Adopt);
        }
        findings.refuse(path, `must be ${FORMS}.${didYouMean(word, WORDS)}`);
        return undefined;
      }
      if (typeof value !== "object" || Array.isArray(value)) {
        findings.refuse(path, `must be ${FORMS}, but is ${kindOf(value)}.`);
        return undefined;
      }
      return adoptMembers(value as Record<string, unknown>, path, findings, normaliseId);
    },
  };
}

function adoptMembers(
  value: Record<string, unknown>,
  path: string,
  findings: Findings,
  normaliseId: IdNormaliser,
): Adopt | undefined {
  const refusedBefore = findings.issues.length;
  for (const name of Object.keys(value)) {
    if (!MEMBERS.includes(name)) {
      findings.refuse(memberPath(path, name), `is not a member of adopt.${didYouMean(name, MEMBERS)}`);
    }
  }
  const overwrite = isBlank(value["overwrite"])
    ? undefined
    : flag().normalise(value["overwrite"], memberPath(path, "overwrite"), findings);
  const id = isBlank(value["id"]) ? undefined : normaliseId(value["id"], memberPath(path, "id"), findings);
  const { byName } = value;
  if (isBlank(byName)) {
    if (id === undefined && !findings.issues.some((issue) => issue.path === memberPath(path, "id"))) {
      findings.refuse(
        memberPath(path, "id"),
        overwrite === undefined
          ? "is required. Give the id of the object to take over."
          : 'is required: overwrite alone does not say which object. Write { id: "…", overwrite: true } or { byName: true, overwrite: true }.',
      );
    }
  } else if (byName !== true) {
    findings.refuse(
      memberPath(path, "byName"),
      `must be true${byName === false ? "" : `, but is ${kindOf(byName)}`}. To take nothing over, write adopt: "never", or leave adopt out.`,
    );
  } else if (id !== undefined) {
    findings.refuse(path, "must name the object by id or by name, not by both. Remove one of the two.");
  }
  if (findings.issues.length > refusedBefore) {
    return undefined;
  }
  if (byName === true) {
    return overwrite === true ? { byName: true, overwrite: true } : "byName";
  }
  return { id: id as string, ...(overwrite === true ? { overwrite: true } : {}) };
}

/**
 * What `adopt` means for the whole declaration. Refuses "byName" without an explicit name: an automatic one was made for this resource,
 * so nobody else has it. Says what `overwrite` does.
 */
export function checkAdopt(
  inputs: Readonly<Record<string, unknown>>,
  findings: Findings,
  given: Readonly<Record<string, unknown>>,
): void {
  const { name } = given;
  const isGiven = !isBlank(name) && !(typeof name === "string" && trimmed(name) === "");
  const adopt = inputs["adopt"] as Adopt | Unknown | undefined;
  if (adopt === undefined || adopt === UNKNOWN) {
    return;
  }
  if (isByName(adopt) && !isGiven) {
    findings.refuse(
      "adopt",
      '"byName" needs an explicit name: an automatic one is never found on the server.',
    );
  }
  if (isOverwriting(adopt)) {
    findings.warn(
      "adopt",
      "says overwrite: whatever differs on the existing object is overwritten with what is declared, and cannot be brought back.",
    );
  }
}

function isByName(adopt: Adopt): boolean {
  return adopt === "byName" || (typeof adopt === "object" && "byName" in adopt);
}

function isOverwriting(adopt: Adopt): boolean {
  return typeof adopt === "object" && adopt.overwrite === true;
}

/** How existing objects of a kind are looked for, and what is declared. */
export interface AdoptionSearch<Live> {
  /** For example "DingTalk endpoint". */
  readonly noun: string;
  readonly fields: FieldTable;
  readonly inputs: Readonly<Record<string, unknown>>;
  idOf(live: Live): string;
  /** The canonical form of an id that a program wrote. */
  normaliseId(given: string): string;
  /** The object with this id. Throws when it is of another kind; `undefined` when there is none. */
  byId(id: string): Promise<Live | undefined>;
  /** All objects of exactly the declared name. */
  byName(): Promise<readonly Live[]>;
  /** Whether an object already is what the create call would make. */
  isIdentical(live: Live): boolean;
  /** An object in the words of the resource. What is not shown in full, and fits what is declared, is taken for the declared value. */
  stateOf(live: Live): Promise<object>;
  /** The properties of an object that are not shown in full, so that they may have another value than the one that is declared. */
  partlyShown(live: Live): readonly string[];
  /** Whether an object of this name may be what a create of this declaration left behind when it was cut off. */
  isUnfinished?(live: Live): boolean;
}

/** An existing object that a create takes over. */
export interface Adopted {
  readonly id: string;
  /** Whether what is not shown in full counts as declared; otherwise it is to be written. */
  readonly isAsDeclared: boolean;
}

/**
 * The existing object that a create takes over, by what `adopt` says; `undefined` when it makes a new one. Changes nothing.
 *
 * @throws InputError when the named object is missing or not as declared, several match, or another resource of this process has it
 */
export async function findToAdopt<Live>(
  ctx: Context,
  adopt: Adopt,
  search: AdoptionSearch<Live>,
): Promise<Adopted | undefined> {
  if (adopt === "never") {
    return undefined;
  }
  if (typeof adopt === "object" && "id" in adopt) {
    const named = await search.byId(adopt.id);
    if (named !== undefined) {
      return adoptDeclared(ctx, adopt, search, named);
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
  const matches = adopt === "identical" ? namesakes.filter((live) => search.isIdentical(live)) : namesakes;
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
  if (adopt !== "identical") {
    return adoptDeclared(ctx, adopt, search, match);
  }
  const id = takeOver(ctx, search.noun, search.idOf(match));
  ctx.log.warn(
    `Takes over the existing ${search.noun} ${id}, which already is as declared: an earlier run that was cut off made it, or somebody else did. ${DESTROYING}`,
  );
  return { id, isAsDeclared: true };
}

const DESTROYING = "Destroying this resource will delete it.";

/** Takes over an object that is as declared; any other only to overwrite it, and not before saying what. */
async function adoptDeclared<Live>(
  ctx: Context,
  adopt: Adopt,
  search: AdoptionSearch<Live>,
  live: Live,
): Promise<Adopted> {
  const { noun, fields, inputs } = search;
  const id = search.idOf(live);
  requireFree(ctx, noun, id);
  const state = (await search.stateOf(live)) as Record<string, unknown>;
  const { changed, replaces } = diff(fields, state, inputs, id);
  const inWords = (name: string): string =>
    ctx.secretArguments?.includes(name) === true
      ? "differs"
      : differenceInWords(fields[name], fields[name]?.isId === true ? id : state[name], inputs[name]);
  if (isOverwriting(adopt) && replaces.length === 0) {
    takeOver(ctx, noun, id);
    ctx.log.warn(`Takes over the existing ${noun} ${id}. ${DESTROYING}`);
    for (const name of changed) {
      ctx.log.warn(`Overwrites the ${noun} ${id}. ${name}: ${inWords(name)}.`);
    }
    for (const name of search.partlyShown(live).filter((one) => !changed.includes(one))) {
      ctx.log.warn(`Overwrites the ${noun} ${id}. ${name}: is not shown in full, and may differ.`);
    }
    return { id, isAsDeclared: false };
  }
  const isFinished = changed.length === 0;
  const isOwn = !isFinished && isByName(adopt) && search.isUnfinished?.(live) === true;
  if (isFinished || isOwn) {
    takeOver(ctx, noun, id);
    ctx.log.warn(
      `Takes over the existing ${noun} ${id}${isOwn ? ", which an earlier run that was cut off seems to have left unfinished" : ""}. ${DESTROYING}`,
    );
    for (const name of search.partlyShown(live)) {
      ctx.log.warn(
        `The ${noun} ${id} does not show its ${name} in full, so it could not be compared: it may have another one than is declared. To write the declared one, say \`overwrite: true\` in adopt.`,
      );
    }
    return { id, isAsDeclared: true };
  }
  throw new InputError(
    `adopt: the ${noun} ${id} is not as declared, so it is not taken over. Nothing was changed.`,
    {
      facts: Object.fromEntries(changed.map((name) => [name, inWords(name)])),
      hint:
        replaces.length === 0
          ? `Correct the program so that it declares what is there. Or have it overwritten, which loses what is there: \`adopt: ${overwritingForm(adopt, id)}\`.`
          : `An existing ${noun} cannot be given another ${replaces.join(" or ")}: correct the program, or leave \`adopt\` out to create a new one.`,
    },
  );
}

function overwritingForm(adopt: Adopt, id: string): string {
  const byId = `{ id: "${id}", overwrite: true }`;
  return isByName(adopt) ? `${byId}\` or \`adopt: { byName: true, overwrite: true }` : byId;
}

/** So much of a value is quoted in a message. */
const MAX_QUOTED_CHARS = 80;

/** How two values of a property differ; the values of those that must not be quoted are not told. */
function differenceInWords(field: Field | undefined, live: unknown, declared: unknown): string {
  if (field?.secret === true || field?.personal === true) {
    const isShown = !isBlank(live);
    return isShown || isBlank(declared) ? "differs" : "differs: it is not set on the server, or not shown";
  }
  return `${quoted(live)} on the server, ${quoted(declared)} declared`;
}

function quoted(value: unknown): string {
  if (isBlank(value)) {
    return "nothing";
  }
  // Spaces, where there were line breaks, are the places to cut at.
  const json = JSON.stringify(value, undefined, 1).replace(/\s*\n\s*/g, " ");
  return shortened(redact(json), MAX_QUOTED_CHARS);
}

/**
 * Claims an existing object for one create.
 *
 * @throws InputError when another resource of this process has it
 */
export function takeOver(ctx: Context, noun: string, id: string): string {
  if (!ctx.ids.take(id, ctx.identity?.key)) {
    throw alreadyTaken(noun, id);
  }
  return id;
}

/** Refuses an object that another resource of this process has, without claiming it. */
function requireFree(ctx: Context, noun: string, id: string): void {
  if (ctx.ids.isHeldByAnother(id, ctx.identity?.key)) {
    throw alreadyTaken(noun, id);
  }
}

function alreadyTaken(noun: string, id: string): InputError {
  return new InputError(`The ${noun} ${id} already belongs to another resource of this program.`, {
    hint: "One object can be managed by one resource only. Remove one of the two from the program, or let it stand for another object.",
  });
}
