import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { adoptPolicy, findToAdopt, requireNameForByName, type AdoptionSearch } from "../../core/adopt";
import { converge, goneError } from "../../core/converge";
import { diff } from "../../core/diff";
import { InputError } from "../../core/errors";
import { flag, setOf, text } from "../../core/field-types";
import { autoName, defineFields, type InputsOf, type StateOf } from "../../core/fields";
import { requireSamePlace } from "../../core/place";
import type { Context, Existing, ResourceDefinition } from "../../core/resource";
import { hasQuery, webhookUrl } from "../../core/webhook-url";
import { existing, ManagedResource, type ArgsOf } from "../../pulumi/managed-resource";
import {
  changeSNSApplicationEndpointState,
  createSNSDingTalkEndpoint,
  deleteSNSApplicationEndpoint,
  dingTalkEndpointsByUuid,
  querySNSApplicationEndpoint,
  querySNSDingTalkEndpointByName,
  updateSNSApplicationEndpoint,
  updateSNSDingTalkEndpoint,
  type DingTalkEndpointInventory,
  type UpdateDingTalkEndpointParams,
} from "../api";
import type { ZStackConnection } from "../connection";
import { createUnderOwnUuid, findOwnAttempt, type Creation } from "../own-uuid";
import { remarksOf, syncPersons } from "../persons";
import { persons } from "../phone";
import { attachedTags, syncTags, type AttachedTags } from "../tags";
import { canonicalUuid, isUuidLike, uuid } from "../uuids";

/** The longest webhook an existing endpoint can be given; a longer one only fits at creation (fact sheet 5.4). */
const MAX_UPDATABLE_URL_CHARS = 256;
const RESOURCE_TYPE = "SNSApplicationEndpointVO";
const NOUN = "DingTalk endpoint";
const NO_TAGS: AttachedTags = { userTags: [], tagUuids: [] };

const fields = defineFields({
  /** What the endpoint is called in ZStack. Names need not be unique there. */
  name: { type: text({ maxChars: 255 }), default: autoName(255), change: "update" },
  /**
   * The webhook of the DingTalk robot, with its access token, as the robot's settings page shows it. Up to 256 characters
   * it is changed in place; a longer one replaces the endpoint, because ZStack takes it at creation only.
   */
  webhookUrl: {
    type: webhookUrl({ maxChars: 1024 }),
    required: true,
    secret: true,
    change: (next) =>
      typeof next === "string" && next.length > MAX_UPDATABLE_URL_CHARS ? "replace" : "update",
  },
  /** The signing secret (`SEC…`) of a robot whose security setting is "additional signature". */
  secret: { type: text({ maxChars: 128 }), secret: true, change: "update" },
  /** Free text shown in ZStack. */
  description: { type: text({ maxChars: 2048 }), change: "update" },
  /** Whether messages mention everybody in the group. Persons are kept, but not mentioned, while this is on. */
  atAll: { type: flag(), default: false, change: "update" },
  /**
   * The persons that messages mention: phone number to remark, or just a list of phone numbers. Written
   * `+86-13800000000`; a bare mainland mobile number gets `+86-`. A remark has at most 128 characters.
   */
  atPersons: { type: persons(), change: "update" },
  /** Whether the endpoint delivers. A disabled one stays subscribed to its topics and is skipped. */
  enabled: { type: flag(), default: true, change: "update" },
  /** Plain tags to keep on the endpoint. Tags that others put there are left alone. */
  userTags: { type: setOf(text()), change: "update" },
  /** Uuids of tag patterns to keep attached. Patterns that others attached are left alone. */
  tagUuids: { type: setOf(uuid()), change: "update" },
  /** The uuid to create the endpoint under. Derived from the resource when not given. */
  resourceUuid: { type: uuid(), change: "replace", local: true, isId: true },
  /**
   * Which existing endpoint a create may take over: `"never"`; `"identical"`, the one that already is exactly as declared;
   * `"byName"`, the one of this name, else a new one; or `{ id }`, that very one.
   */
  adopt: { type: adoptPolicy(), default: "never", change: "ignored", local: true },
});

const outputs = {
  /** The endpoint's uuid: the same as `id`, so known in every preview once the endpoint exists. */
  uuid: { isId: true },
  /** When the endpoint was made: ISO 8601 where the management node tells an instant, else its own words and time zone. */
  createdAt: {},
} as const;

type Inputs = InputsOf<typeof fields>;
type State = StateOf<typeof fields, typeof outputs>;
type Recorded = Partial<State>;
type Ctx = Context<ZStackConnection>;

async function create(ctx: Ctx, inputs: Inputs): Promise<Existing<State>> {
  const making = creation(ctx, inputs);
  const found =
    (await findOwnAttempt(ctx, making)) ??
    (await findToAdopt(ctx, inputs.adopt, adoptionSearch(ctx, inputs)));
  const id = found ?? (await createUnderOwnUuid(ctx, making));
  // From here on the object exists, so whatever happens its id must not be lost.
  const asCreated: State = { ...inputs, enabled: true, userTags: undefined, tagUuids: undefined, uuid: id };
  // Which secret an object has that was found is not known where the server does not show it.
  const recorded = found === undefined ? asCreated : { ...asCreated, secret: undefined };
  return { id, state: await sync(ctx, id, recorded, inputs, asCreated) };
}

async function read(ctx: Ctx, id: string, recorded: Recorded): Promise<State | undefined> {
  return stateOf(ctx, await look(ctx, id, ctx.signal), recorded);
}

/** The live endpoint. Absence is taken for an answer only where the endpoint was made. */
async function look(
  ctx: Ctx,
  id: string,
  signal?: AbortSignal,
): Promise<DingTalkEndpointInventory | undefined> {
  const live = await ctx.connection.find(dingTalkEndpointsByUuid, id, signal);
  if (live === undefined) {
    requireSamePlace(`${NOUN} ${id}`, ctx.recordedPlace, await ctx.connection.place());
  }
  return live;
}

async function stateOf(
  ctx: Ctx,
  live: DingTalkEndpointInventory | undefined,
  recorded: Recorded,
): Promise<State | undefined> {
  return live === undefined
    ? undefined
    : fromWire(live, await attachedTags(ctx, live.uuid, recorded), recorded);
}

async function remove(ctx: Ctx, id: string): Promise<void> {
  // A delete of an unknown uuid succeeds, so before one is sent the object must be seen where the connection points.
  if ((await look(ctx, id, ctx.signal)) !== undefined) {
    await deleteSNSApplicationEndpoint(ctx.connection.client, id, ctx);
  }
}

function adoptionSearch(ctx: Ctx, inputs: Inputs): AdoptionSearch<DingTalkEndpointInventory> {
  return {
    noun: NOUN,
    idOf: (live) => live.uuid,
    normaliseId: canonicalUuid,
    byId: async (given) => {
      const id = canonicalUuid(given);
      const live = await ctx.connection.find(dingTalkEndpointsByUuid, id, ctx.signal);
      const other =
        live === undefined && isUuidLike(id)
          ? await querySNSApplicationEndpoint(ctx.connection.client, id, ctx)
          : undefined;
      if (other !== undefined) {
        throw new InputError(`adopt: ${id} is an endpoint of type ${other.type}, not a DingTalk endpoint.`);
      }
      return live;
    },
    byName: () => querySNSDingTalkEndpointByName(ctx.connection.client, inputs.name, ctx),
    // The create call cannot set the state and the tags, so they are not compared.
    isIdentical: (live) => {
      const state = fromWire(live, NO_TAGS, inputs);
      return (
        diff(fields, state, { ...inputs, enabled: state.enabled, userTags: [], tagUuids: [] }, live.uuid)
          .changed.length === 0
      );
    },
  };
}

function creation(ctx: Ctx, inputs: Inputs): Creation<DingTalkEndpointInventory> {
  return {
    noun: NOUN,
    resourceUuid: inputs.resourceUuid,
    get: (id, signal) => ctx.connection.find(dingTalkEndpointsByUuid, id, signal),
    create: (id) => createSNSDingTalkEndpoint(ctx.connection.client, toCreateParams(inputs, id), ctx),
    likeness: (live) => ({ name: live.name.trim() === inputs.name, webhook: live.url === inputs.webhookUrl }),
  };
}

/** Brings the endpoint to what is declared; see `converge`. */
function sync(ctx: Ctx, id: string, recorded: Recorded, inputs: Inputs, assumed?: State): Promise<State> {
  return converge({
    service: "ZStack",
    id,
    fields,
    inputs,
    assumed,
    change: () => change(ctx, id, recorded, inputs),
    // Without the signal: once it is aborted, what the server has is all the more worth knowing.
    readBack: async (changed) =>
      // What a read takes over from here: a secret that is not shown, and which tags are ours.
      stateOf(ctx, await look(ctx, id), {
        ...inputs,
        secret: changed ? inputs.secret : recorded.secret,
        userTags: [...(recorded.userTags ?? []), ...(inputs.userTags ?? [])],
        tagUuids: [...(recorded.tagUuids ?? []), ...(inputs.tagUuids ?? [])],
      }),
    gone: () => goneError(NOUN, id),
  });
}

async function change(ctx: Ctx, id: string, recorded: Recorded, inputs: Inputs): Promise<void> {
  const live = await look(ctx, id, ctx.signal);
  if (live === undefined) {
    throw goneError(NOUN, id);
  }
  const state = fromWire(live, NO_TAGS, recorded);
  await changeProperties(ctx, id, state, inputs);
  await syncPersons(ctx, live, inputs.atPersons ?? {});
  if (state.enabled !== inputs.enabled) {
    await changeSNSApplicationEndpointState(
      ctx.connection.client,
      id,
      inputs.enabled ? "enable" : "disable",
      ctx,
    );
  }
  await syncTags(ctx, RESOURCE_TYPE, id, recorded, inputs);
}

async function changeProperties(ctx: Ctx, id: string, state: State, inputs: Inputs): Promise<void> {
  const params: UpdateDingTalkEndpointParams = {
    ...(state.name === inputs.name ? {} : { name: inputs.name }),
    ...(state.webhookUrl === inputs.webhookUrl ? {} : { url: inputs.webhookUrl }),
    ...(state.atAll === inputs.atAll ? {} : { atAll: inputs.atAll }),
    ...(state.secret === inputs.secret ? {} : { secret: inputs.secret ?? "" }),
    ...(state.description === inputs.description || inputs.description === undefined
      ? {}
      : { description: inputs.description }),
  };
  if (params.url !== undefined && params.url.length > MAX_UPDATABLE_URL_CHARS) {
    throw new InputError(
      `webhookUrl: ZStack cannot give an existing endpoint a webhook of more than ${MAX_UPDATABLE_URL_CHARS} characters.`,
      {
        hint: `Replace the endpoint: run \`pulumi up --replace <urn>\`, or, if the stack does not have it yet, delete it in ZStack and run the command again. Endpoint ${id} was not changed.`,
      },
    );
  }
  if (Object.keys(params).length > 0) {
    await updateSNSDingTalkEndpoint(ctx.connection.client, id, params, ctx);
  }
  if (state.description !== undefined && inputs.description === undefined) {
    await updateSNSApplicationEndpoint(ctx.connection.client, id, { description: "" }, ctx);
  }
}

function toCreateParams(
  inputs: Inputs,
  resourceUuid: string,
): Parameters<typeof createSNSDingTalkEndpoint>[1] {
  return {
    name: inputs.name,
    url: inputs.webhookUrl,
    description: inputs.description,
    atAll: inputs.atAll,
    secret: inputs.secret,
    atPersonList: inputs.atPersons,
    resourceUuid,
  };
}

function fromWire(live: DingTalkEndpointInventory, tags: AttachedTags, known: Recorded): State {
  const remarks = remarksOf(live);
  return {
    name: live.name.trim(),
    webhookUrl: live.url,
    secret: shownSecret(live.secret, known.secret),
    description: live.description?.trim() === "" ? undefined : live.description?.trim(),
    atAll: live.atAll,
    atPersons: Object.keys(remarks).length === 0 ? undefined : remarks,
    enabled: live.state === "Enabled",
    userTags: tags.userTags.length === 0 ? undefined : tags.userTags,
    tagUuids: tags.tagUuids.length === 0 ? undefined : tags.tagUuids,
    resourceUuid: known.resourceUuid,
    adopt: known.adopt ?? "never",
    uuid: live.uuid,
    createdAt:
      typeof live.createDate === "number" ? new Date(live.createDate).toISOString() : live.createDate?.trim(),
  };
}

/**
 * The signing secret as far as the server shows it. A masked or encrypted one says nothing, so the recorded value stays:
 * UNVERIFIED whether later versions do either (fact sheet 11.3). DingTalk's own secrets start with `SEC`.
 */
function shownSecret(live: string | undefined, recorded: string | undefined): string | undefined {
  const shown = live?.trim();
  if (shown === undefined || shown === "") {
    return undefined;
  }
  const isMasked = shown.includes("***");
  const hasOtherForm = recorded?.startsWith("SEC") === true && !shown.startsWith("SEC");
  // A masked secret where none is recorded is still one too many.
  return isMasked || hasOtherForm ? (recorded ?? shown) : shown;
}

const definition: ResourceDefinition<typeof fields, typeof outputs, ZStackConnection> = {
  token: "zstack:DingTalkEndpoint",
  noun: NOUN,
  fields,
  outputs,
  refusedArguments: {
    platformUuid: "is not offered: ZStack ignores it and always uses its built-in platform. Remove it.",
    systemTags: "is not offered: ZStack's create call refuses it. Use userTags or tagUuids.",
    atPersonPhoneNumbers: "is called atPersons here.",
    atPersonList: "is called atPersons here.",
    url: "is called webhookUrl here.",
  },
  crossCheck(inputs, report, given) {
    const { webhookUrl: webhook, secret } = inputs;
    // A secret that is not known yet may turn out to be none.
    if (typeof webhook === "string" && typeof secret === "string" && !hasQuery(webhook)) {
      report.refuse(
        "secret",
        "needs a webhookUrl with a query string: ZStack appends the signature with &. Copy the whole webhook, with ?access_token=….",
      );
    }
    requireNameForByName(inputs, report, given);
  },
  create,
  read,
  update: sync,
  delete: remove,
};

/** The arguments of a {@link DingTalkEndpoint}. */
export type DingTalkEndpointArgs = ArgsOf<typeof fields>;

/** The canonical, plain inputs of a {@link DingTalkEndpoint}, as state stores them. */
export type DingTalkEndpointInputs = Inputs;

/** What state holds of a {@link DingTalkEndpoint}. */
export type DingTalkEndpointState = State;

// The outputs of the class: one per field, derived, so that a field is declared once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface DingTalkEndpoint extends Readonly<ManagedOutputs> {}

type ManagedOutputs = { [K in keyof State]-?: Output<State[K]> };

/**
 * A DingTalk robot that ZStack's notification service (SNS) can deliver to. Needs ZStack 5.0.0 or later.
 *
 * The endpoint alone delivers nothing: a topic must be subscribed to it, and an alarm or event must use that topic.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class DingTalkEndpoint extends ManagedResource {
  /** @internal */
  static readonly definition = definition;

  constructor(name: string, args: DingTalkEndpointArgs, opts?: CustomResourceOptions) {
    super(definition, name, args, opts);
  }

  /**
   * Reads an existing endpoint without managing it: it is never changed or deleted. Fails when it does not exist.
   *
   * @param name the Pulumi name to show it under
   * @param id the endpoint's uuid
   */
  static get(name: string, id: Input<string>, opts?: CustomResourceOptions): DingTalkEndpoint {
    return new DingTalkEndpoint(name, {} as DingTalkEndpointArgs, existing(id, opts));
  }

  /** Whether `value` is a DingTalkEndpoint, also one of another copy of this package. */
  static override isInstance(value: unknown): value is DingTalkEndpoint {
    return this.isOfType(value, definition.token);
  }
}
