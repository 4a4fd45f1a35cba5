import { findToAdopt, type Adopt, type AdoptionSearch } from "../core/adopt";
import { converge, goneError } from "../core/converge";
import { diff } from "../core/diff";
import type { FieldTable } from "../core/fields";
import { requireSamePlace } from "../core/place";
import { trimmed } from "../core/plain-text";
import type { Context, Existing } from "../core/resource";
import type { Lookup } from "./api/query";
import type { ZStackConnection } from "./connection";
import { createUnderOwnUuid, findOwnAttempt, type Creation } from "./own-uuid";
import { attachedTags, syncTags, type ManagedTags } from "./tags";
import { canonicalUuid } from "./uuids";

/**
 * The lifecycle that objects of the notification service share: they are made under a uuid of our choosing, switched on and off by a
 * call of its own, and tagged after they were made. A resource says what is its own in an {@link SnsObject}.
 */

type Ctx = Context<ZStackConnection>;

/** The arguments every such resource has. */
interface CommonInputs extends ManagedTags {
  readonly name: string;
  readonly enabled: boolean;
  readonly resourceUuid?: string | undefined;
  readonly adopt: Adopt;
}

/** What is particular about one kind of object. */
export interface SnsObject<Live extends { readonly uuid: string }, Inputs extends CommonInputs, State> {
  /** For example "DingTalk endpoint". */
  readonly noun: string;
  /** The vendor's name of the kind where tags are attached. */
  readonly tagResourceType: string;
  readonly fields: FieldTable;
  /** Inputs that the server may not show: what was written last is then taken for what it has. */
  readonly unshown: readonly (keyof Inputs & keyof State)[];
  readonly lookup: Lookup<Live>;
  queryByName(ctx: Ctx, name: string): Promise<Live[]>;
  /** Makes an enabled object without tags. */
  create(ctx: Ctx, inputs: Inputs, uuid: string): Promise<void>;
  /** What of a live object agrees with the declaration; by property, in the words of messages. */
  likeness(live: Live, inputs: Inputs): Readonly<Record<string, boolean>>;
  /** The state, but for tags. `known` is what was recorded or is declared. */
  fromWire(live: Live, known: Partial<State>): State;
  /** Changes what differs, but for tags and whether it is enabled. */
  change(ctx: Ctx, live: Live, state: State, inputs: Inputs): Promise<void>;
  changeState(ctx: Ctx, id: string, stateEvent: "enable" | "disable"): Promise<void>;
  delete(ctx: Ctx, id: string): Promise<void>;
  /** Throws for an object that must not be taken over; `live` is absent where no object of the kind has this uuid. */
  inspectAdoption?(ctx: Ctx, id: string, live: Live | undefined): Promise<void>;
}

/** The four functions of a `ResourceDefinition`. */
export interface SnsLifecycle<Inputs, State> {
  create(ctx: Ctx, inputs: Inputs): Promise<Existing<State>>;
  read(ctx: Ctx, id: string, recorded: Partial<State>): Promise<State | undefined>;
  update(ctx: Ctx, id: string, recorded: Partial<State>, inputs: Inputs): Promise<State>;
  delete(ctx: Ctx, id: string): Promise<void>;
}

/** The lifecycle of one kind of object. */
export function snsLifecycle<
  Live extends { readonly uuid: string },
  Inputs extends CommonInputs,
  State extends Inputs,
>(kind: SnsObject<Live, Inputs, State>): SnsLifecycle<Inputs, State> {
  async function create(ctx: Ctx, inputs: Inputs): Promise<Existing<State>> {
    const making: Creation<Live> = {
      noun: kind.noun,
      resourceUuid: inputs.resourceUuid,
      get: (id, signal) => ctx.connection.find(kind.lookup, id, signal),
      create: (id) => kind.create(ctx, inputs, id),
      likeness: (live) => kind.likeness(live, inputs),
    };
    const found =
      (await findOwnAttempt(ctx, making)) ??
      (await findToAdopt(ctx, inputs.adopt, adoptionSearch(ctx, inputs)));
    const id = found ?? (await createUnderOwnUuid(ctx, making));
    // From here on the object exists, so whatever happens its id must not be lost.
    const asCreated = {
      ...(inputs as unknown as State),
      enabled: true,
      userTags: undefined,
      tagUuids: undefined,
      uuid: id,
    };
    // Which values an object has that was found is not known where the server does not show them.
    const recorded = found === undefined ? asCreated : { ...asCreated, ...unshownOf({}) };
    return { id, state: await sync(ctx, id, recorded, inputs, asCreated) };
  }

  async function read(ctx: Ctx, id: string, recorded: Partial<State>): Promise<State | undefined> {
    return stateOf(ctx, await look(ctx, id, ctx.signal), recorded);
  }

  async function remove(ctx: Ctx, id: string): Promise<void> {
    // A delete of an unknown uuid succeeds, so before one is sent the object must be seen where the connection points.
    if ((await look(ctx, id, ctx.signal)) !== undefined) {
      await kind.delete(ctx, id);
    }
  }

  /** Brings the object to what is declared; see `converge`. */
  function sync(
    ctx: Ctx,
    id: string,
    recorded: Partial<State>,
    inputs: Inputs,
    assumed?: State,
  ): Promise<State> {
    return converge({
      service: "ZStack",
      id,
      fields: kind.fields,
      inputs: valuesOf(inputs),
      assumed,
      change: () => change(ctx, id, recorded, inputs),
      // Without the signal: once it is aborted, what the server has is all the more worth knowing.
      readBack: async (changed) =>
        // What a read takes over from here: values that are not shown, and which tags are ours.
        stateOf(ctx, await look(ctx, id), {
          ...(inputs as unknown as Partial<State>),
          ...unshownOf(changed ? (inputs as unknown as Partial<State>) : recorded),
          userTags: [...(recorded.userTags ?? []), ...(inputs.userTags ?? [])],
          tagUuids: [...(recorded.tagUuids ?? []), ...(inputs.tagUuids ?? [])],
        }),
      gone: () => goneError(kind.noun, id),
    });
  }

  async function change(ctx: Ctx, id: string, recorded: Partial<State>, inputs: Inputs): Promise<void> {
    const live = await look(ctx, id, ctx.signal);
    if (live === undefined) {
      throw goneError(kind.noun, id);
    }
    const state = kind.fromWire(live, recorded);
    await kind.change(ctx, live, state, inputs);
    if (state.enabled !== inputs.enabled) {
      await kind.changeState(ctx, id, inputs.enabled ? "enable" : "disable");
    }
    await syncTags(ctx, kind.tagResourceType, id, recorded, inputs);
  }

  /** The live object. Absence is taken for an answer only where the object was made. */
  async function look(ctx: Ctx, id: string, signal?: AbortSignal): Promise<Live | undefined> {
    const live = await ctx.connection.find(kind.lookup, id, signal);
    if (live === undefined) {
      requireSamePlace(`${kind.noun} ${id}`, ctx.recordedPlace, await ctx.connection.place());
    }
    return live;
  }

  async function stateOf(
    ctx: Ctx,
    live: Live | undefined,
    known: Partial<State>,
  ): Promise<State | undefined> {
    if (live === undefined) {
      return undefined;
    }
    const { userTags, tagUuids } = await attachedTags(ctx, live.uuid, known);
    return {
      ...kind.fromWire(live, known),
      userTags: userTags.length === 0 ? undefined : userTags,
      tagUuids: tagUuids.length === 0 ? undefined : tagUuids,
    };
  }

  function adoptionSearch(ctx: Ctx, inputs: Inputs): AdoptionSearch<Live> {
    return {
      noun: kind.noun,
      idOf: (live) => live.uuid,
      normaliseId: canonicalUuid,
      byId: async (given) => {
        const id = canonicalUuid(given);
        const live = await ctx.connection.find(kind.lookup, id, ctx.signal);
        await kind.inspectAdoption?.(ctx, id, live);
        return live;
      },
      byName: () => kind.queryByName(ctx, inputs.name),
      // The create call cannot set the state and the tags, so they are not compared.
      isIdentical: (live) => {
        const state = kind.fromWire(live, inputs as unknown as Partial<State>);
        const asMade = { ...inputs, enabled: state.enabled, userTags: [], tagUuids: [] };
        return diff(kind.fields, valuesOf(state), valuesOf(asMade), live.uuid).changed.length === 0;
      },
    };
  }

  function unshownOf(values: Partial<State>): Partial<State> {
    return Object.fromEntries(kind.unshown.map((name) => [name, values[name]])) as Partial<State>;
  }

  return { create, read, update: sync, delete: remove };
}

function valuesOf(typed: object): Record<string, unknown> {
  return typed as Record<string, unknown>;
}

/** The state members that every object of this service has in common with the server's inventory. */
export function commonState(live: {
  readonly name: string;
  readonly description: string | undefined;
  readonly state: string;
  readonly createDate?: string | number | undefined;
}): { name: string; description: string | undefined; enabled: boolean; createdAt: string | undefined } {
  const { createDate } = live;
  return {
    name: trimmed(live.name),
    description: live.description === undefined ? undefined : trimmed(live.description) || undefined,
    enabled: live.state === "Enabled",
    createdAt: typeof createDate === "number" ? new Date(createDate).toISOString() : createDate?.trim(),
  };
}
