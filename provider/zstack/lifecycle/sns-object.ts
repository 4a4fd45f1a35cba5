import { findToAdopt, type Adopt, type AdoptionSearch } from "../../core/lifecycle/adopt";
import {
  objectLifecycle,
  withoutUnshown,
  type Ensured,
  type ObjectLifecycle,
  type Purpose,
} from "../../core/lifecycle/object-lifecycle";
import { diff } from "../../core/fields/diff";
import { DerivedDefault, type Complete, type FieldTable } from "../../core/fields/fields";
import { requireSameTenancy } from "../../core/lifecycle/tenancy";
import { trimmed } from "../../core/plain-text";
import type { Context } from "../../core/lifecycle/definition";
import type { Lookup } from "../api/query";
import type { ZStackConnection } from "../connection";
import { createUnderOwnUuid, findOwnAttempt, type Creation } from "./own-uuid";
import { createParams, updateParams, type Sendings } from "./sending";
import { attachedTags, syncTags, type ManagedTags } from "./tags";
import { canonicalUuid } from "../fields/uuids";

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

/** Arguments that the skeleton itself deals with; how the others are sent, a resource must say. */
type OwnInputs<Inputs> = Omit<Inputs, Exclude<keyof CommonInputs, "name">>;

/** What the skeleton adds to the state of an object. */
type TagNames = keyof ManagedTags;

/** What is particular about one kind of object. */
export interface SnsObject<
  Live extends { readonly uuid: string },
  Inputs extends CommonInputs,
  State,
  CreateParams extends { readonly resourceUuid: string },
  UpdateParams,
> {
  /** For example "DingTalk endpoint". */
  readonly noun: string;
  /** The vendor's name of the kind where tags are attached. */
  readonly tagResourceType: string;
  readonly fields: FieldTable;
  /** Inputs that the server may not show, or not in full: what was written last is then taken for what it has. */
  readonly unshown: readonly (keyof Inputs & keyof State & string)[];
  /** Whether the server shows a value of these inputs whole, so that it is certain. */
  isShownInFull?(live: Live, name: keyof Inputs & keyof State & string, inputs: Inputs): boolean;
  readonly lookup: Lookup<Live>;
  queryByName(ctx: Ctx, name: string): Promise<Live[]>;
  /** How each argument is sent. */
  readonly sent: Sendings<Live, CreateParams, OwnInputs<Inputs>>;
  /** Makes an enabled object without tags; gives the uuid that the server names in its answer. */
  create(ctx: Ctx, params: CreateParams): Promise<string | undefined>;
  /** What of a live object agrees with the declaration; by property, in the words of messages. */
  likeness(live: Live, inputs: Inputs): Readonly<Record<string, boolean>>;
  /** The state, but for tags. `known` is what was recorded or is declared. */
  fromWire(live: Live, known: Partial<State>): Omit<Complete<State>, TagNames>;
  /** Sends what differs, which is something. */
  update(ctx: Ctx, id: string, params: UpdateParams): Promise<void>;
  /** Throws for a change that the update call cannot make. */
  inspectUpdate?(id: string, params: UpdateParams): void;
  /** Changes what has calls of its own; says whether there was anything to change. */
  changeRest?(ctx: Ctx, live: Live, state: State, inputs: Inputs): Promise<boolean>;
  changeState(ctx: Ctx, id: string, stateEvent: "enable" | "disable"): Promise<void>;
  delete(ctx: Ctx, id: string): Promise<void>;
  /** Throws for an object that must not be taken over; `live` is absent where no object of the kind has this uuid. */
  inspectAdoption?(ctx: Ctx, id: string, live: Live | undefined): Promise<void>;
}

/** The lifecycle of one kind of object. */
export function snsLifecycle<
  Live extends { readonly uuid: string },
  Inputs extends CommonInputs,
  State extends Inputs,
  CreateParams extends { readonly resourceUuid: string },
  UpdateParams,
>(
  kind: SnsObject<Live, Inputs, State, CreateParams, UpdateParams>,
): ObjectLifecycle<ZStackConnection, Inputs, State> {
  /** The state of a live object, but for tags. */
  const fromWire = (live: Live, known: Partial<State>): State => kind.fromWire(live, known) as State;

  /** The attempt of ours that is there already, the object that `adopt` names, or a new one. */
  async function ensure(ctx: Ctx, inputs: Inputs): Promise<Ensured<Live, State>> {
    const making: Creation<Live> = {
      noun: kind.noun,
      resourceUuid: inputs.resourceUuid,
      // What the program names is taken over, or refused, as its `adopt` says.
      adoptedUuid:
        typeof inputs.adopt === "object" && "id" in inputs.adopt ? canonicalUuid(inputs.adopt.id) : undefined,
      isAutoNamed: isAutoNamed(ctx, inputs),
      wasThere: async (id, signal) => (await ctx.connection.findAllOnce(kind.lookup, id, signal)).length > 0,
      get: (id, signal) => ctx.connection.find(kind.lookup, id, signal),
      create: (resourceUuid) =>
        kind.create(ctx, { ...createParams(kind.sent, valuesOf(inputs)), resourceUuid } as CreateParams),
      likeness: (live) => kind.likeness(live, inputs),
      uuidOf: (live) => live.uuid,
      isIdentical: (live) => isAsMade(live, inputs),
      byName: () => kind.queryByName(ctx, inputs.name),
      delete: (id) => kind.delete(ctx, id),
    };
    const own = await findOwnAttempt(ctx, making);
    const adopted =
      own === undefined ? await findToAdopt(ctx, inputs.adopt, adoptionSearch(ctx, inputs)) : undefined;
    const id = own ?? adopted?.id ?? (await createUnderOwnUuid(ctx, making));
    const asMade = {
      ...(inputs as unknown as State),
      enabled: true,
      userTags: undefined,
      tagUuids: undefined,
      uuid: id,
    };
    const isAsDeclared = own === undefined && adopted?.isAsDeclared !== false;
    return { id, known: isAsDeclared ? asMade : withoutUnshown(asMade, kind.unshown) };
  }

  async function change(
    ctx: Ctx,
    id: string,
    live: Live,
    recorded: Partial<State>,
    inputs: Inputs,
  ): Promise<Live | undefined> {
    const state = seen(ctx, live, recorded);
    const params = updateParams(kind.sent, kind.fields, live, valuesOf(state), valuesOf(inputs));
    kind.inspectUpdate?.(id, params as UpdateParams);
    const isUpdated = Object.keys(params).length > 0;
    if (isUpdated) {
      await kind.update(ctx, id, params as UpdateParams);
    }
    const isRestChanged = (await kind.changeRest?.(ctx, live, state, inputs)) === true;
    const isSwitched = state.enabled !== inputs.enabled;
    if (isSwitched) {
      await kind.changeState(ctx, id, inputs.enabled ? "enable" : "disable");
    }
    await syncTags(ctx, kind.tagResourceType, id, recorded, inputs);
    // Where nothing was sent, what was just seen is how the object is. Tags are looked for by themselves.
    return isUpdated || isRestChanged || isSwitched ? undefined : live;
  }

  /** The live object. Absence is taken for an answer only where the object was made. */
  async function look(
    ctx: Ctx,
    id: string,
    purpose: Purpose,
    signal?: AbortSignal,
  ): Promise<Live | undefined> {
    const [live] = await ctx.connection.findAllFor(purpose, kind.lookup, id, signal);
    if (live === undefined) {
      requireSameTenancy(`${kind.noun} ${id}`, ctx.recordedTenancy, await ctx.connection.tenancy());
    }
    return live;
  }

  async function stateOf(ctx: Ctx, live: Live, known: Partial<State>, purpose: Purpose): Promise<State> {
    const { userTags, tagUuids } = await attachedTags(ctx, live.uuid, known, purpose);
    return {
      ...seen(ctx, live, known),
      userTags: userTags.length === 0 ? undefined : userTags,
      tagUuids: tagUuids.length === 0 ? undefined : tagUuids,
    };
  }

  function adoptionSearch(ctx: Ctx, inputs: Inputs): AdoptionSearch<Live> {
    const declared = inputs as unknown as Partial<State>;
    return {
      noun: kind.noun,
      fields: kind.fields,
      inputs: valuesOf(inputs),
      idOf: (live) => live.uuid,
      normaliseId: canonicalUuid,
      byId: async (given) => {
        const id = canonicalUuid(given);
        const live = await ctx.connection.find(kind.lookup, id, ctx.signal);
        await kind.inspectAdoption?.(ctx, id, live);
        return live;
      },
      byName: () => kind.queryByName(ctx, inputs.name),
      isIdentical: (live) => isIdentical(live, inputs, fromWire(live, declared)),
      stateOf: (live) => stateOf(ctx, live, declared, "change"),
      partlyShown: (live) =>
        kind.unshown.filter(
          (name) => inputs[name] !== undefined && kind.isShownInFull?.(live, name, inputs) !== true,
        ),
    };
  }

  /** Whether an object is what the create call makes. It cannot set the state and the tags, so they are not compared. */
  function isIdentical(live: Live, inputs: Inputs, state: State): boolean {
    const asMade = { ...inputs, enabled: state.enabled, userTags: [], tagUuids: [] };
    return diff(kind.fields, valuesOf(state), valuesOf(asMade), live.uuid).changed.length === 0;
  }

  /** The same under whatever uuid, and where a value may not be shown: of an object that a create has just made. */
  function isAsMade(live: Live, inputs: Inputs): boolean {
    const state = fromWire(live, inputs as unknown as Partial<State>);
    const notShown = kind.unshown.filter((name) => state[name] === undefined);
    const declared = Object.fromEntries(notShown.map((name) => [name, inputs[name]]));
    return isIdentical(live, { ...inputs, resourceUuid: undefined }, { ...state, ...declared });
  }

  /** The live object, with what is known of the values that the server is known not to show. */
  function seen(ctx: Ctx, live: Live, known: Partial<State>): State {
    const state = fromWire(live, known);
    for (const name of kind.unshown) {
      if (state[name] !== undefined) {
        ctx.unshown?.forget(name);
      } else if (ctx.unshown?.has(name) === true) {
        state[name] = known[name] as State[typeof name];
      }
    }
    return state;
  }

  /** What was written with success and does not come back, neither plain nor masked, is not shown by this server. */
  function learnUnshown(ctx: Ctx, live: Live, inputs: Inputs): void {
    const state = fromWire(live, inputs as unknown as Partial<State>);
    for (const name of kind.unshown) {
      const isMissing = inputs[name] !== undefined && state[name] === undefined;
      if (!isMissing || ctx.unshown === undefined || ctx.unshown.has(name)) {
        continue;
      }
      ctx.unshown.learn(name);
      ctx.log.warn(
        `ZStack took the ${name} of the ${kind.noun} ${live.uuid}, and does not show it. What was written counts as what it has, so a change by somebody else goes unseen. Send a test message from the console to see that it is right.`,
      );
    }
  }

  function isAutoNamed(ctx: Ctx, inputs: Inputs): boolean {
    const automatic: unknown = kind.fields["name"]?.default;
    return (
      automatic instanceof DerivedDefault &&
      ctx.identity !== undefined &&
      automatic.derive(ctx.identity) === inputs.name
    );
  }

  return objectLifecycle<ZStackConnection, Live, Inputs, State>({
    service: "ZStack",
    noun: kind.noun,
    fields: kind.fields,
    unshown: kind.unshown,
    ensure,
    look: (ctx, id, purpose) => look(ctx, id, purpose, ctx.signal),
    // Without the signal: once it is aborted, what the server has is all the more worth knowing.
    lookAgain: (ctx, id) => look(ctx, id, "change"),
    stateOf,
    change,
    // Which tags are ours.
    alsoKnown: (recorded, inputs) =>
      ({
        userTags: [...(recorded.userTags ?? []), ...(inputs.userTags ?? [])],
        tagUuids: [...(recorded.tagUuids ?? []), ...(inputs.tagUuids ?? [])],
      }) as unknown as Partial<State>,
    learn: learnUnshown,
    delete: (ctx, id) => kind.delete(ctx, id),
  });
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
