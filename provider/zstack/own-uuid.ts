import { takeOver } from "../core/adopt";
import { InputError, isApiFailure, messageOf } from "../core/errors";
import type { Context } from "../core/resource";
import type { ZStackConnection } from "./connection";
import { Code, isOutcomeUnknown } from "./failures";
import { freshUuid, uuidFromKey } from "./uuids";

/**
 * Creates under a uuid that the client chooses: the reason why a create that was cut off can be repeated without making a twin.
 * The uuids are derived from the resource key, so every attempt asks for the same ones.
 */

/** How one kind of object is made and recognised. */
export interface Creation<Live> {
  /** For example "DingTalk endpoint". */
  readonly noun: string;
  /** The uuid the program gave, if it gave one. */
  readonly resourceUuid: string | undefined;
  get(uuid: string, signal?: AbortSignal): Promise<Live | undefined>;
  create(uuid: string): Promise<void>;
  /** What of a live object agrees with the declaration; by property, in the words of messages. */
  likeness(live: Live): Readonly<Record<string, boolean>>;
}

type Ctx = Context<ZStackConnection>;

/** Derived uuids of one resource. Whether a deleted one can be used again is UNVERIFIED (fact sheet 8), so there are some. */
const CANDIDATES = 4;

/**
 * The uuid of an object that an earlier create of this resource left behind before Pulumi could record it.
 *
 * @throws InputError when the object under our uuid is somebody else's
 */
export async function findOwnAttempt<Live>(ctx: Ctx, making: Creation<Live>): Promise<string | undefined> {
  const candidates = candidatesOf(ctx, making).filter((candidate) => !ctx.ids.isSeen(candidate));
  const found = await Promise.all(candidates.map((candidate) => making.get(candidate, ctx.signal)));
  for (const [index, live] of found.entries()) {
    const id = candidates[index];
    if (live === undefined || id === undefined) {
      continue;
    }
    requireLikeness(id, live, making);
    ctx.log.warn(
      `Continues with the ${making.noun} ${id}, which an earlier run of this resource left behind.`,
    );
    return takeOver(ctx, making.noun, id);
  }
  return undefined;
}

/** Creates the object, once, and gives its uuid. A lost answer is resolved by asking for the uuid. */
export async function createUnderOwnUuid<Live>(ctx: Ctx, making: Creation<Live>): Promise<string> {
  const derived = candidatesOf(ctx, making);
  // A server that never takes a deleted uuid again would use up the derived ones after a few lives of this resource.
  const candidates = making.resourceUuid === undefined ? [...derived, freshUuid()] : derived;
  let refusal: unknown;
  for (const candidate of candidates) {
    // One by one: those that are not needed now are for a replacement later in this run.
    if (making.resourceUuid === undefined && !ctx.ids.take(candidate, ctx.identity?.key)) {
      continue;
    }
    try {
      await making.create(candidate);
      return candidate;
    } catch (error) {
      // A uuid that exists is refused with the code of any internal error, so the server is asked; and after a lost answer the
      // object may be there all the same.
      const isDoubtful = isOutcomeUnknown(error);
      if (!isDoubtful && !isApiFailure(error, Code.INTERNAL)) {
        throw error;
      }
      const live = await lookAgain(ctx, candidate, making);
      if (live !== undefined && Object.values(making.likeness(live)).every(Boolean)) {
        return candidate;
      }
      if (isDoubtful) {
        throw error;
      }
      if (live === undefined && making.resourceUuid === undefined) {
        ctx.log.warn(
          `ZStack refuses the uuid ${candidate}, but shows no ${making.noun} under it: one that was deleted, or one that this account cannot see. Another uuid is tried.`,
        );
      }
      refusal = error;
    }
  }
  throw refusal;
}

function candidatesOf<Live>(ctx: Ctx, { resourceUuid }: Creation<Live>): string[] {
  if (resourceUuid !== undefined) {
    return [resourceUuid];
  }
  const key = ctx.identity?.key;
  return key === undefined ? [] : Array.from({ length: CANDIDATES }, (_, n) => uuidFromKey(key, n));
}

/** Under a derived uuid one agreement is enough, since the declaration may have changed; under one the program gave, all must agree. */
function requireLikeness<Live>(id: string, live: Live, making: Creation<Live>): void {
  const likeness = making.likeness(live);
  const agreeing = Object.values(likeness).filter(Boolean).length;
  const needed = making.resourceUuid === undefined ? 1 : Object.keys(likeness).length;
  if (agreeing >= needed) {
    return;
  }
  const differing = Object.keys(likeness).filter((property) => likeness[property] !== true);
  throw new InputError(
    `ZStack already has a ${making.noun} ${id}, with another ${differing.join(" and ")} than declared.`,
    {
      hint:
        making.resourceUuid === undefined
          ? "Two stacks of the same organization, project and names share derived uuids. If it is meant, take it over with `adopt: { id }`; else rename the resource or give a resourceUuid."
          : "Take it over with `adopt: { id }`, or give another resourceUuid.",
    },
  );
}

/** Not being able to tell must not hide the failure that made us ask. */
async function lookAgain<Live>(ctx: Ctx, id: string, making: Creation<Live>): Promise<Live | undefined> {
  try {
    return await making.get(id);
  } catch (error) {
    ctx.log.progress(`Could not look for the ${making.noun} ${id}: ${messageOf(error)}`);
    return undefined;
  }
}
