import { takeOver } from "../../core/lifecycle/adopt";
import { InputError, isApiFailure, messageOf, ReplyShapeError } from "../../core/errors";
import type { Context } from "../../core/lifecycle/definition";
import type { ZStackConnection } from "../connection";
import { Code, isOutcomeUnknown } from "../transport/failures";
import { freshUuid, uuidFromKey } from "../fields/uuids";

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
  /** The uuid of the object that `adopt` names, which is not judged here. */
  readonly adoptedUuid?: string | undefined;
  /** Whether the object has a name that was made for this resource. */
  readonly isAutoNamed: boolean;
  /** Whether there was such an object some seconds ago: one that has come since is refused when it is made a second time. */
  wasThere(uuid: string, signal?: AbortSignal): Promise<boolean>;
  get(uuid: string, signal?: AbortSignal): Promise<Live | undefined>;
  /** Gives the uuid that the server's answer names, if it names one. */
  create(uuid: string): Promise<string | undefined>;
  /** What of a live object agrees with the declaration; by property, in the words of messages. */
  likeness(live: Live): Readonly<Record<string, boolean>>;
  uuidOf(live: Live): string;
  /** Whether a live object is exactly what the create call makes. */
  isIdentical(live: Live): boolean;
  /** The objects that have the declared name. */
  byName(): Promise<readonly Live[]>;
  delete(uuid: string): Promise<void>;
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
  const candidates = candidatesOf(ctx, making).filter(
    (candidate) => !ctx.ids.isSeen(candidate) && candidate !== making.adoptedUuid,
  );
  const found = await Promise.all(
    candidates.map(async (candidate) =>
      (await making.wasThere(candidate, ctx.signal)) ? making.get(candidate, ctx.signal) : undefined,
    ),
  );
  for (const [index, live] of found.entries()) {
    const id = candidates[index];
    if (live === undefined || id === undefined) {
      continue;
    }
    requireLikeness(id, live, making);
    return continueWith(ctx, making, id);
  }
  return undefined;
}

function continueWith<Live>(ctx: Ctx, { noun }: Creation<Live>, id: string): string {
  ctx.log.warn(`Continues with the ${noun} ${id}, which an earlier run of this resource left behind.`);
  return takeOver(ctx, noun, id);
}

/**
 * Creates the object, once, and gives its uuid. A lost answer is resolved by asking for the uuid; one that names another uuid, by looking
 * at what is there.
 */
export async function createUnderOwnUuid<Live>(ctx: Ctx, making: Creation<Live>): Promise<string> {
  const derived = candidatesOf(ctx, making);
  // A server that never takes a deleted uuid again would use up the derived ones after a few lives of this resource.
  const candidates = making.resourceUuid === undefined ? [...derived, freshUuid()] : derived;
  let refusal: unknown;
  for (const candidate of candidates) {
    // One by one: those that are not needed now are for a replacement later in this run.
    if (making.resourceUuid === undefined) {
      if (ctx.ids.isSeen(candidate)) {
        continue;
      }
      ctx.ids.take(candidate, ctx.identity?.key);
    }
    let answered: string | undefined;
    try {
      answered = await making.create(candidate);
    } catch (error) {
      // A uuid that exists is refused with the code of any internal error, so the server is asked; and after a lost answer the
      // object may be there all the same.
      const isDoubtful = isOutcomeUnknown(error);
      if (!isDoubtful && !isApiFailure(error, Code.INTERNAL)) {
        throw error;
      }
      const live = await lookAgain(ctx, candidate, making);
      if (live !== undefined && Object.values(making.likeness(live)).every(Boolean)) {
        return isDoubtful ? candidate : continueWith(ctx, making, candidate);
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
      continue;
    }
    return answered === undefined || answered === candidate
      ? candidate
      : settleOtherUuid(ctx, making, candidate, answered);
  }
  throw refusal;
}

/**
 * Finds out what a create has made whose answer names another uuid than the one that was asked for: UNVERIFIED whether every version takes
 * the uuids of its clients (fact sheet 8). What is there is believed, not the answer: it may describe somebody else's object, which is
 * neither taken over nor deleted.
 */
async function settleOtherUuid<Live>(
  ctx: Ctx,
  making: Creation<Live>,
  asked: string,
  answered: string,
): Promise<string> {
  const { noun } = making;
  // Without the signal: once it is aborted, what the server has is all the more worth knowing.
  const [underAsked, underAnswered] = await Promise.all([making.get(asked), making.get(answered)]).catch(
    (error: unknown) => {
      throw new ReplyShapeError(
        `ZStack answered the create of the ${noun} ${asked} with the uuid ${answered}, and what is there could not be found out: ${messageOf(error)}`,
        {
          hint: `If there is a ${noun} ${answered} that nobody else needs, delete it in the console before the command is run again.`,
          cause: error,
        },
      );
    },
  );
  if (underAsked !== undefined) {
    ctx.log.warn(
      `ZStack answered the create of the ${noun} ${asked} with the uuid ${answered}, but has made it under the right one. ${answered} is left alone.`,
    );
    return asked;
  }
  const isFree = !ctx.ids.isSeen(answered);
  if (underAnswered === undefined || !making.isIdentical(underAnswered) || !isFree) {
    throw new ReplyShapeError(
      `ZStack was asked to make the ${noun} ${asked}, and answered with ${answered}, ${underAnswered === undefined ? "but shows neither" : "which is not the one that was asked for. It was left alone"}.`,
      {
        hint: `Look for ${noun}s of this name in the console, and delete what nobody needs; then run the command again.`,
      },
    );
  }
  if (making.resourceUuid !== undefined) {
    await deleteOwn(making, answered);
    throw new InputError(
      `resourceUuid: ZStack did not take the uuid ${asked}, but made the ${noun} as ${answered}, which was deleted again.`,
      { hint: "Leave resourceUuid out: this ZStack chooses the uuids itself." },
    );
  }
  const left = await leftBehind(ctx, making, answered);
  ctx.log.warn(
    `ZStack does not take the uuids of its clients: it was asked to make the ${noun} ${asked}, and made it as ${answered}. It is managed under that one. On such a server a create that is cut off leaves an object behind that the next run cannot find by its uuid.`,
  );
  const [continued] = left;
  if (continued !== undefined && making.isAutoNamed && takeIfFree(ctx, continued)) {
    ctx.log.warn(
      `Continues with the ${noun} ${continued}, which an earlier run of this resource left behind, and deletes ${answered} again.`,
    );
    await deleteOwn(making, answered);
    return continued;
  }
  if (left.length > 0) {
    ctx.log.warn(
      `There are other ${noun}s that are exactly as declared: ${left.join(", ")}. An earlier run that was cut off may have left them behind: delete them in the console if nobody needs them.`,
    );
  }
  return takeOver(ctx, noun, answered);
}

/** Objects of this name, exactly as declared, that no resource of this process has. */
async function leftBehind<Live>(ctx: Ctx, making: Creation<Live>, made: string): Promise<string[]> {
  try {
    const namesakes = await making.byName();
    return namesakes
      .filter((live) => making.isIdentical(live))
      .map((live) => making.uuidOf(live))
      .filter((id) => id !== made && !ctx.ids.isSeen(id));
  } catch (error) {
    ctx.log.progress(`Could not look for ${making.noun}s that were left behind: ${messageOf(error)}`);
    return [];
  }
}

function takeIfFree(ctx: Ctx, id: string): boolean {
  return ctx.ids.take(id, ctx.identity?.key);
}

/** Deletes what a create of ours has just made. */
async function deleteOwn<Live>(making: Creation<Live>, id: string): Promise<void> {
  const { noun } = making;
  try {
    await making.delete(id);
  } catch (error) {
    throw new InputError(
      `ZStack made the ${noun} ${id} under a uuid of its own, and it could not be deleted again: ${messageOf(error)}`,
      { hint: `Delete ${noun} ${id} in the console, then run the command again.`, cause: error },
    );
  }
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
          ? `Two stacks of the same organization, project and names share derived uuids. If it is meant, declare it as it is and take it over with \`adopt: { id: "${id}" }\`, or have it changed with \`adopt: { id: "${id}", overwrite: true }\`; else rename the resource or give a resourceUuid.`
          : `Declare it as it is and take it over with \`adopt: { id: "${id}" }\`, have it changed with \`adopt: { id: "${id}", overwrite: true }\`, or give another resourceUuid.`,
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
