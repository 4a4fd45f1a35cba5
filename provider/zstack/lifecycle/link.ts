import { takeOver } from "../../core/lifecycle/adopt";
import { IncompleteError, InputError, isApiFailure, messageOf } from "../../core/errors";
import type { IdNormaliser } from "../../core/fields/ids";
import { requireSameTenancy } from "../../core/lifecycle/tenancy";
import type { Purpose } from "../../core/lifecycle/object-lifecycle";
import type { Context, Existing } from "../../core/lifecycle/definition";
import type { Lookup } from "../api/query";
import type { ZStackConnection } from "../connection";
import { Code, isOutcomeUnknown } from "../transport/failures";
import { canonicalUuid, isUuidLike } from "../fields/uuids";

/**
 * Links: that one existing object sends to another. A link has no uuid and no properties, only its two sides; its id is both uuids with
 * a slash between. So it is either there or not, and a create that finds it there has nothing left to do.
 */

type Ctx = Context<ZStackConnection>;

/** With these the server refuses a link that is there already, one that is not, and one of whose sides is missing; they do not say which. */
const REFUSALS = [Code.INTERNAL, Code.NOT_FOUND, Code.OPERATION_FAILED, Code.INVALID_ARGUMENT];

/** The two sides of a link, in the order of its id. */
export type Sides = readonly [from: string, to: string];

/** What is particular about one kind of link. */
export interface Link<Inputs extends object> {
  /** For example "topic subscription". */
  readonly noun: string;
  /** The arguments that hold the two uuids. */
  readonly sides: readonly [from: keyof Inputs & string, to: keyof Inputs & string];
  /** What destroying it means, for example "unsubscribes the endpoint". */
  readonly destroying: string;
  /** Finds what shows that the link is there, by its id. */
  readonly lookup: Lookup<unknown>;
  attach(ctx: Ctx, sides: Sides): Promise<void>;
  detach(ctx: Ctx, sides: Sides): Promise<void>;
  /** Which side does not exist, in words with its uuid; `undefined` when both do. */
  missingSide(ctx: Ctx, sides: Sides): Promise<string | undefined>;
}

/** The lifecycle of a `ResourceDefinition`. */
export interface LinkLifecycle<Inputs> {
  readonly normaliseId: IdNormaliser;
  create(ctx: Ctx, inputs: Inputs): Promise<Existing<Inputs>>;
  read(ctx: Ctx, id: string): Promise<Inputs | undefined>;
  update(ctx: Ctx, id: string, recorded: Partial<Inputs>, inputs: Inputs): Promise<Inputs>;
  delete(ctx: Ctx, id: string): Promise<void>;
}

/** The lifecycle of one kind of link. */
export function linkLifecycle<Inputs extends object>(link: Link<Inputs>): LinkLifecycle<Inputs> {
  async function create(ctx: Ctx, inputs: Inputs): Promise<Existing<Inputs>> {
    const sides = sidesOf(inputs);
    const id = sides.join("/");
    if (await isThere(ctx, sides, "change", ctx.signal)) {
      takeOver(ctx, link.noun, id);
      ctx.log.warn(
        `The ${link.noun} ${id} is there already, and belongs to this resource from now on. Destroying this resource ${link.destroying}.`,
      );
      return { id, state: inputs };
    }
    // Claimed before it is made: another resource with the same two sides would find it there and be content with it.
    takeOver(ctx, link.noun, id);
    await attach(ctx, sides);
    await requireThere(ctx, id, inputs);
    return { id, state: inputs };
  }

  async function read(ctx: Ctx, id: string): Promise<Inputs | undefined> {
    const sides = sidesIn(id);
    return (await look(ctx, id, sides, "read")) ? inputsOf(sides) : undefined;
  }

  /** Both arguments replace the link, so all that an update can have to do is to finish a create. */
  async function update(ctx: Ctx, id: string, _recorded: Partial<Inputs>, inputs: Inputs): Promise<Inputs> {
    const sides = sidesIn(id);
    if (!(await look(ctx, id, sides, "change"))) {
      await attach(ctx, sides);
      await requireThere(ctx, id, inputs);
    }
    return inputs;
  }

  async function remove(ctx: Ctx, id: string): Promise<void> {
    const sides = sidesIn(id);
    if (!(await look(ctx, id, sides, "delete"))) {
      return;
    }
    try {
      await link.detach(ctx, sides).finally(() => {
        ctx.connection.markLinkChange();
      });
    } catch (error) {
      // Where one of its sides has just gone, so has the link.
      const isGone = isApiFailure(error, ...REFUSALS) && !(await isThere(ctx, sides, "change"));
      if (!isGone) {
        throw error;
      }
    }
  }

  async function isThere(ctx: Ctx, sides: Sides, purpose: Purpose, signal?: AbortSignal): Promise<boolean> {
    return (await ctx.connection.findAllFor(purpose, link.lookup, sides.join("/"), signal)).length > 0;
  }

  /** Makes the link. That it is there already, and that the answer was lost, are both decided by looking. */
  async function attach(ctx: Ctx, sides: Sides): Promise<void> {
    try {
      await link.attach(ctx, sides).finally(() => {
        ctx.connection.markLinkChange();
      });
    } catch (error) {
      if (error instanceof InputError) {
        throw error;
      }
      const isRefused = isApiFailure(error, ...REFUSALS);
      if ((isRefused || isOutcomeUnknown(error)) && (await isThereAfter(ctx, sides))) {
        return;
      }
      const missing = isRefused ? await missingAfter(ctx, sides) : undefined;
      throw missing === undefined ? error : missingError(missing, error);
    }
  }

  async function requireThere(ctx: Ctx, id: string, inputs: Inputs): Promise<void> {
    // Without the signal: once it is aborted, what the server has is all the more worth knowing.
    const isSeen = await isThere(ctx, sidesIn(id), "change").catch((error: unknown) => {
      throw new IncompleteError(id, inputs, [messageOf(error)], error);
    });
    if (!isSeen) {
      throw new IncompleteError(id, inputs, [`ZStack accepted the ${link.noun}, but does not show it.`]);
    }
  }

  async function look(ctx: Ctx, id: string, sides: Sides, purpose: Purpose): Promise<boolean> {
    const isSeen = await isThere(ctx, sides, purpose, ctx.signal);
    if (!isSeen) {
      requireSameTenancy(`${link.noun} ${id}`, ctx.recordedTenancy, await ctx.connection.tenancy());
    }
    return isSeen;
  }

  /** Not being able to tell must not hide the failure that made us ask. */
  async function isThereAfter(ctx: Ctx, sides: Sides): Promise<boolean> {
    try {
      return await isThere(ctx, sides, "change");
    } catch (error) {
      ctx.log.progress(`Could not look for the ${link.noun} ${sides.join("/")}: ${messageOf(error)}`);
      return false;
    }
  }

  async function missingAfter(ctx: Ctx, sides: Sides): Promise<string | undefined> {
    try {
      return await link.missingSide(ctx, sides);
    } catch {
      return undefined;
    }
  }

  function missingError(missing: string, cause: unknown): InputError {
    return new InputError(
      `The ${link.noun} cannot be made: there is no ${missing}, or this account cannot see it.`,
      {
        hint: "Check the uuid. If it was deleted outside Pulumi and is part of this program, run `pulumi up --refresh`.",
        cause,
      },
    );
  }

  function sidesIn(id: string): Sides {
    const sides = parseSides(id);
    if (sides === undefined) {
      throw new InputError(`${id} cannot be the id of this ${link.noun}.`, {
        hint: `It has the form ${link.sides.join("/")}, each 32 hex digits.`,
      });
    }
    return sides;
  }

  const normaliseId: IdNormaliser = (given, path, findings) => {
    const sides = typeof given === "string" ? parseSides(given) : undefined;
    if (sides === undefined) {
      findings.refuse(
        path,
        `is no id of a ${link.noun}. Give it in the form ${link.sides.join("/")}, each 32 hex digits.`,
      );
    }
    return sides?.join("/");
  };

  function sidesOf(inputs: Inputs): Sides {
    const [from, to] = link.sides;
    return [inputs[from] as string, inputs[to] as string];
  }

  function inputsOf(sides: Sides): Inputs {
    return { [link.sides[0]]: sides[0], [link.sides[1]]: sides[1] } as unknown as Inputs;
  }

  return { normaliseId, create, read, update, delete: remove };
}

/** The two uuids in an id, each as the server writes it. */
function parseSides(id: string): Sides | undefined {
  const [from = "", to = "", ...others] = id.split("/").map(canonicalUuid);
  return others.length === 0 && [from, to].every(isUuidLike) ? [from, to] : undefined;
}
