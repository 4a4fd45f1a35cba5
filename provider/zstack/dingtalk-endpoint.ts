import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { adoptPolicy } from "../core/adopt";
import { diff } from "../core/diff";
import {
  IncompleteError,
  InputError,
  isApiFailure,
  messageOf,
  NetworkError,
  TimeoutError,
} from "../core/errors";
import { flag, setOf, text } from "../core/field-types";
import { autoName, defineFields, type InputsOf, type StateOf } from "../core/fields";
import { requireSamePlace } from "../core/place";
import type { Context, Existing, ResourceDefinition } from "../core/resource";
import { hasQuery, webhookUrl } from "../core/webhook-url";
import { existing, ManagedResource, type ArgsOf } from "../pulumi/managed-resource";
import {
  addSNSDingTalkAtPerson,
  changeSNSApplicationEndpointState,
  createSNSDingTalkEndpoint,
  deleteSNSApplicationEndpoint,
  querySNSApplicationEndpoint,
  querySNSDingTalkEndpointByName,
  removeSNSDingTalkAtPerson,
  updateAtPersonOfAtDingTalkEndpoint,
  updateSNSApplicationEndpoint,
  updateSNSDingTalkEndpoint,
  type DingTalkEndpointInventory,
  type UpdateDingTalkEndpointParams,
} from "./api";
import type { ZStackConnection } from "./connection";
import { Code } from "./failures";
import { persons } from "./phone";
import { attachedTags, syncTags } from "./tags";
import { freshUuid, uuid, uuidFromKey } from "./uuids";

/** The longest webhook an existing endpoint can be given; a longer one only fits at creation (fact sheet 5.4). */
const MAX_UPDATABLE_URL_CHARS = 256;
/** Uuids that belong to one resource key. */
const UUID_CANDIDATES = 4;
const RESOURCE_TYPE = "SNSApplicationEndpointVO";

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
  /** The endpoint's uuid: the same as `id`, and known in every preview. */
  uuid: { isId: true },
  /** When the endpoint was made, in the management node's own words and time zone. */
  createdAt: {},
} as const;

type Inputs = InputsOf<typeof fields>;
type State = StateOf<typeof fields, typeof outputs>;
type Recorded = Partial<State>;
type Ctx = Context<ZStackConnection>;

async function create(ctx: Ctx, inputs: Inputs): Promise<Existing<State>> {
  const id = await ensure(ctx, inputs);
  // From here on the object exists, so whatever happens its id must not be lost.
  const asCreated: State = { ...inputs, enabled: true, userTags: undefined, tagUuids: undefined, uuid: id };
  return { id, state: await sync(ctx, id, asCreated, inputs, asCreated) };
}

async function read(ctx: Ctx, id: string, recorded: Recorded): Promise<State | undefined> {
  const live = await ctx.connection.getDingTalkEndpoint(id);
  if (live === undefined) {
    requireSamePlace(`DingTalk endpoint ${id}`, ctx.recordedPlace, await ctx.connection.place());
    return undefined;
  }
  return fromWire(live, await attachedTags(ctx, id, recorded), recorded);
}

async function update(ctx: Ctx, id: string, recorded: Recorded, inputs: Inputs): Promise<State> {
  return sync(ctx, id, recorded, inputs);
}

async function remove(ctx: Ctx, id: string): Promise<void> {
  const place = await ctx.connection.place();
  // A delete of an unknown uuid succeeds, so before one is sent elsewhere the object must be seen there.
  if (ctx.recordedPlace !== undefined && (await ctx.connection.getDingTalkEndpoint(id)) === undefined) {
    requireSamePlace(`DingTalk endpoint ${id}`, ctx.recordedPlace, place);
    return;
  }
  try {
    await deleteSNSApplicationEndpoint(ctx.connection.client, id, scopeOf(ctx));
  } catch (error) {
    if (!isApiFailure(error, Code.NOT_FOUND)) {
      throw error;
    }
  }
}

/** Finds the endpoint this resource stands for, or makes it. */
async function ensure(ctx: Ctx, inputs: Inputs): Promise<string> {
  return (
    (await findOwnAttempt(ctx, inputs)) ?? (await findToAdopt(ctx, inputs)) ?? (await createNew(ctx, inputs))
  );
}

/** An earlier create of this resource that was cut off before Pulumi could record it. */
async function findOwnAttempt(ctx: Ctx, inputs: Inputs): Promise<string | undefined> {
  const candidates = uuidCandidates(ctx, inputs).filter((candidate) => !ctx.ids.isSeen(candidate));
  const found = await Promise.all(
    candidates.map((candidate) => ctx.connection.getDingTalkEndpoint(candidate)),
  );
  for (const live of found) {
    if (live === undefined) {
      continue;
    }
    const sameName = live.name.trim() === inputs.name;
    const sameWebhook = live.url === inputs.webhookUrl;
    const isOurs = inputs.resourceUuid === undefined ? sameName || sameWebhook : sameName && sameWebhook;
    if (!isOurs) {
      throw new InputError(
        `ZStack already has an endpoint ${live.uuid}, with another name or webhook than declared.`,
        {
          hint:
            inputs.resourceUuid === undefined
              ? "Two stacks of the same organization, project and names share derived uuids. If it is meant, take it over with `adopt: { id }`; else rename the resource or give a resourceUuid."
              : "Take it over with `adopt: { id }`, or give another resourceUuid.",
        },
      );
    }
    takeOver(ctx, live.uuid);
    ctx.log.warn(`Continues with endpoint ${live.uuid}, which an earlier run of this resource left behind.`);
    return live.uuid;
  }
  return undefined;
}

async function findToAdopt(ctx: Ctx, inputs: Inputs): Promise<string | undefined> {
  const { adopt, name } = inputs;
  if (adopt === "never") {
    return undefined;
  }
  if (typeof adopt === "object") {
    const id = adopt.id.replaceAll("-", "").toLowerCase();
    if ((await ctx.connection.getDingTalkEndpoint(id)) === undefined) {
      const other = await querySNSApplicationEndpoint(ctx.connection.client, id, scopeOf(ctx));
      throw new InputError(
        other === undefined
          ? `adopt: ZStack has no endpoint ${id}, or this account cannot see it.`
          : `adopt: ${id} is an endpoint of type ${other.type}, not a DingTalk endpoint.`,
        { hint: "Check the uuid, or leave `adopt` out to create a new endpoint." },
      );
    }
    takeOver(ctx, id);
    return id;
  }
  const namesakes = await querySNSDingTalkEndpointByName(ctx.connection.client, name, scopeOf(ctx));
  const matches = adopt === "byName" ? namesakes : namesakes.filter((live) => isAsCreated(live, inputs));
  const [match] = matches;
  if (match === undefined) {
    return undefined;
  }
  if (matches.length > 1) {
    throw new InputError(
      `adopt: ${matches.length} DingTalk endpoints match: ${matches.map((m) => m.uuid).join(", ")}.`,
      { hint: "Say which one with `adopt: { id }`, or remove the others." },
    );
  }
  takeOver(ctx, match.uuid);
  ctx.log.warn(`Takes over the existing endpoint ${match.uuid}. Destroying this resource will delete it.`);
  return match.uuid;
}

async function createNew(ctx: Ctx, inputs: Inputs): Promise<string> {
  const own = uuidCandidates(ctx, inputs).filter(
    (candidate) => inputs.resourceUuid !== undefined || ctx.ids.take(candidate),
  );
  // A server that never takes a deleted uuid again would use up the derived ones after a few lives of this resource.
  const candidates = inputs.resourceUuid === undefined ? [...own, freshUuid()] : own;
  let refusal: unknown;
  for (const candidate of candidates) {
    try {
      await createSNSDingTalkEndpoint(ctx.connection.client, toCreateParams(inputs, candidate), scopeOf(ctx));
      return candidate;
    } catch (error) {
      // A uuid that exists is refused with the code of any internal error, so the server is asked; and after a lost answer the
      // endpoint may be there all the same.
      const isDoubtful = error instanceof NetworkError || error instanceof TimeoutError;
      if (!isDoubtful && !isApiFailure(error, Code.INTERNAL)) {
        throw error;
      }
      const live = await lookAgain(ctx, candidate);
      if (live !== undefined && live.name.trim() === inputs.name && live.url === inputs.webhookUrl) {
        return candidate;
      }
      if (isDoubtful) {
        throw error;
      }
      refusal = error;
    }
  }
  throw refusal;
}

/** After a failure: whether the endpoint is there. Not being able to tell must not hide that failure. */
async function lookAgain(ctx: Ctx, id: string): Promise<DingTalkEndpointInventory | undefined> {
  try {
    return await ctx.connection.getDingTalkEndpoint(id);
  } catch (error) {
    ctx.log.progress(`could not look for endpoint ${id}: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Changes what differs between the live endpoint and `inputs`, then reads back.
 *
 * @param assumed what to record when the server cannot be read any more; without it such a failure is thrown as it is
 * @throws IncompleteError when the endpoint is not as declared afterwards
 */
async function sync(
  ctx: Ctx,
  id: string,
  recorded: Recorded,
  inputs: Inputs,
  assumed?: State,
): Promise<State> {
  // What read takes over: values the server does not show, and which tags are ours.
  let known: Recorded = {
    ...inputs,
    secret: recorded.secret,
    userTags: [...(recorded.userTags ?? []), ...(inputs.userTags ?? [])],
    tagUuids: [...(recorded.tagUuids ?? []), ...(inputs.tagUuids ?? [])],
  };
  const reasons: string[] = [];
  let cause: unknown;
  try {
    await change(ctx, id, recorded, inputs);
    known = { ...known, secret: inputs.secret };
  } catch (error) {
    if (error instanceof InputError) {
      throw error;
    }
    cause = error;
    reasons.push(messageOf(error));
  }
  let state: State | undefined;
  try {
    state = await read(ctx, id, known);
  } catch (error) {
    if (assumed === undefined) {
      throw cause ?? error;
    }
    throw new IncompleteError(id, assumed, [...reasons, messageOf(error)], cause ?? error);
  }
  if (state === undefined) {
    throw cause ?? goneError(id);
  }
  if (cause === undefined) {
    reasons.push(
      ...diff(fields, state, inputs).changed.map(
        (name) => `${name}: ZStack accepted the change, but still has another value.`,
      ),
    );
  }
  if (reasons.length > 0) {
    throw new IncompleteError(id, state, reasons, cause);
  }
  return state;
}

async function change(ctx: Ctx, id: string, recorded: Recorded, inputs: Inputs): Promise<void> {
  const live = await ctx.connection.getDingTalkEndpoint(id);
  if (live === undefined) {
    requireSamePlace(`DingTalk endpoint ${id}`, ctx.recordedPlace, await ctx.connection.place());
    throw goneError(id);
  }
  const state = fromWire(live, { userTags: [], tagUuids: [] }, recorded);
  await changeProperties(ctx, id, state, inputs);
  await changePersons(ctx, live, inputs);
  if (state.enabled !== inputs.enabled) {
    await changeSNSApplicationEndpointState(
      ctx.connection.client,
      id,
      inputs.enabled ? "enable" : "disable",
      scopeOf(ctx),
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
      { hint: `Replace the endpoint: run \`pulumi up --replace <urn>\`. Endpoint ${id} was not changed.` },
    );
  }
  if (Object.keys(params).length > 0) {
    await updateSNSDingTalkEndpoint(ctx.connection.client, id, params, scopeOf(ctx));
  }
  if (state.description !== undefined && inputs.description === undefined) {
    await updateSNSApplicationEndpoint(ctx.connection.client, id, { description: "" }, scopeOf(ctx));
  }
}

async function changePersons(ctx: Ctx, live: DingTalkEndpointInventory, inputs: Inputs): Promise<void> {
  const { client } = ctx.connection;
  const declared = inputs.atPersons ?? {};
  const present = personsOf(live);
  for (const [phoneNumber, person] of present) {
    const remark = declared[phoneNumber];
    if (remark === undefined || (remark !== person.remark && person.uuid === undefined)) {
      await removeSNSDingTalkAtPerson(client, live.uuid, phoneNumber, scopeOf(ctx));
      present.delete(phoneNumber);
    } else if (remark !== person.remark && person.uuid !== undefined) {
      await updateAtPersonOfAtDingTalkEndpoint(
        client,
        person.uuid,
        { endpointUuid: live.uuid, remark },
        scopeOf(ctx),
      );
    }
  }
  for (const [phoneNumber, remark] of Object.entries(declared)) {
    if (present.has(phoneNumber)) {
      continue;
    }
    const params = { endpointUuid: live.uuid, phoneNumber, ...(remark === "" ? {} : { remark }) };
    try {
      await addSNSDingTalkAtPerson(client, params, scopeOf(ctx));
    } catch (error) {
      // An answer that was lost on the way makes the repeated call find the person there already.
      const now = isApiFailure(error, Code.INVALID_ARGUMENT) ? await lookAgain(ctx, live.uuid) : undefined;
      if (now === undefined || personsOf(now).get(phoneNumber)?.remark !== remark) {
        throw error;
      }
    }
  }
}

function personsOf(
  live: DingTalkEndpointInventory,
): Map<string, { uuid: string | undefined; remark: string }> {
  // Servers before 5.0.0 list phone numbers only; later ones mirror them.
  const phones = (live.atPersonPhoneNumbers ?? []).map(
    (phone) => [phone, { uuid: undefined, remark: "" }] as const,
  );
  const full = (live.atPersonList ?? []).map(
    (person) => [person.phoneNumber, { uuid: person.uuid, remark: person.remark?.trim() ?? "" }] as const,
  );
  return new Map<string, { uuid: string | undefined; remark: string }>([...phones, ...full]);
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

function fromWire(
  live: DingTalkEndpointInventory,
  tags: { readonly userTags: string[]; readonly tagUuids: string[] },
  known: Recorded,
): State {
  const remarks = Object.fromEntries(
    [...personsOf(live)].map(([phone, { remark }]) => [phone, remark]).sort(),
  );
  return {
    name: live.name.trim(),
    webhookUrl: live.url,
    secret: shownSecret(live.secret, known.secret),
    description: live.description?.trim() === "" ? undefined : live.description?.trim(),
    atAll: live.atAll,
    atPersons: Object.keys(remarks).length === 0 ? undefined : (remarks as Record<string, string>),
    enabled: live.state === "Enabled",
    userTags: tags.userTags.length === 0 ? undefined : tags.userTags,
    tagUuids: tags.tagUuids.length === 0 ? undefined : tags.tagUuids,
    resourceUuid: known.resourceUuid,
    adopt: known.adopt ?? "never",
    uuid: live.uuid,
    createdAt: createdAtOf(live.createDate),
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
  return isMasked || hasOtherForm ? recorded : shown;
}

function createdAtOf(date: string | number | undefined): string | undefined {
  return typeof date === "number" ? new Date(date).toISOString() : date?.trim();
}

/** Whether an endpoint is exactly what the create call would make. The state is not compared: the call cannot set it. */
function isAsCreated(live: DingTalkEndpointInventory, inputs: Inputs): boolean {
  const state = fromWire(live, { userTags: [], tagUuids: [] }, inputs);
  const { userTags: _userTags, tagUuids: _tagUuids, ...sent } = inputs;
  return diff(fields, { ...state, enabled: inputs.enabled }, sent).changed.length === 0;
}

function uuidCandidates(ctx: Ctx, inputs: Inputs): string[] {
  if (inputs.resourceUuid !== undefined) {
    return [inputs.resourceUuid];
  }
  const key = ctx.identity?.key;
  return key === undefined ? [] : Array.from({ length: UUID_CANDIDATES }, (_, n) => uuidFromKey(key, n));
}

function takeOver(ctx: Ctx, id: string): void {
  if (!ctx.ids.take(id)) {
    throw new InputError(`Endpoint ${id} already belongs to another resource of this program.`, {
      hint: "One endpoint can be managed by one resource only. Remove one of the two, or name another endpoint in `adopt`.",
    });
  }
}

function goneError(id: string): InputError {
  return new InputError(`DingTalk endpoint ${id} was deleted outside Pulumi.`, {
    hint: "Run `pulumi refresh`, then `pulumi up` to create it again; or `pulumi up --refresh`, which does both.",
  });
}

function scopeOf(ctx: Ctx): { signal: AbortSignal; progress(message: string): void } {
  return {
    signal: ctx.signal,
    progress: (message) => {
      ctx.log.progress(message);
    },
  };
}

const definition: ResourceDefinition<typeof fields, typeof outputs, ZStackConnection> = {
  token: "zstack:DingTalkEndpoint",
  noun: "DingTalk endpoint",
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
    if (typeof webhook === "string" && secret !== undefined && !hasQuery(webhook)) {
      report.refuse(
        "secret",
        "needs a webhookUrl with a query string: ZStack appends the signature with &. Copy the whole webhook, with ?access_token=….",
      );
    }
    if (
      inputs["adopt"] === "byName" &&
      (given["name"] === undefined || given["name"] === null || given["name"] === "")
    ) {
      report.refuse(
        "adopt",
        '"byName" needs an explicit name: an automatic one is never found on the server.',
      );
    }
  },
  create,
  read,
  update,
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
