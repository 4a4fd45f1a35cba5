import { adoptPolicy, checkAdopt } from "../../core/lifecycle/adopt";
import { InputError } from "../../core/errors";
import { flag, setOf, text } from "../../core/fields/field-types";
import { autoName, defineFields, type Complete, type InputsOf, type StateOf } from "../../core/fields/fields";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import { trimmed } from "../../core/plain-text";
import { shownValue } from "../../core/lifecycle/shown-value";
import { hasQuery, signingSecret, webhookUrl } from "../../core/fields/webhook-url";
import {
  changeSNSApplicationEndpointState,
  createSNSDingTalkEndpoint,
  deleteSNSApplicationEndpoint,
  dingTalkEndpointsByUuid,
  querySNSApplicationEndpoint,
  querySNSDingTalkEndpointByName,
  subscribersByEndpoint,
  topicsByUuid,
  updateSNSApplicationEndpoint,
  updateSNSDingTalkEndpoint,
  type DingTalkEndpointInventory,
  type CreateDingTalkEndpointParams,
  type UpdateDingTalkEndpointParams,
} from "../api";
import type { ZStackConnection } from "../connection";
import { namesOf, warnOf } from "../lifecycle/losers";
import { remarksOf, syncPersons } from "../fields/persons";
import { persons } from "../fields/phone";
import { commonState, snsLifecycle, type SnsObject } from "../lifecycle/sns-object";
import type { ManagedTags } from "../lifecycle/tags";
import { existingUuid, isUuidLike, normaliseUuid, uuid } from "../fields/uuids";

/** The longest webhook an existing endpoint can be given; a longer one only fits at creation (fact sheet 5.4). */
const MAX_UPDATABLE_URL_CHARS = 256;
const NOUN = "DingTalk endpoint";

const fields = defineFields({
  /** What the endpoint is called in ZStack. Names need not be unique there. */
  name: { type: text({ maxChars: 255 }), default: autoName(255), change: "update" },
  /**
   * The webhook of the DingTalk robot, with its access token, as the robot's settings page shows it. Up to 256 characters
   * it is changed in place; a longer one replaces the endpoint, because ZStack takes it at creation only.
   */
  webhookUrl: {
    type: webhookUrl({ maxChars: 1024, canSign: true }),
    required: true,
    secret: true,
    change: (next) =>
      typeof next === "string" && next.length > MAX_UPDATABLE_URL_CHARS ? "replace" : "update",
  },
  /** The signing secret (`SEC…`) of a robot whose security setting is "additional signature". */
  secret: { type: signingSecret({ maxChars: 128 }), secret: true, change: "update" },
  /** Free text shown in ZStack. */
  description: { type: text({ maxChars: 2048, multiline: true }), change: "update" },
  /** Whether messages mention everybody in the group. Persons are kept, but not mentioned, while this is on. */
  atAll: { type: flag(), default: false, change: "update" },
  /**
   * The persons that messages mention: phone number to remark, or just a list of phone numbers. Written
   * `+86-13800000000`; a bare mainland mobile number gets `+86-`. A remark has at most 128 characters.
   */
  atPersons: { type: persons(), personal: true, change: "update" },
  /** Whether the endpoint delivers. A disabled one stays subscribed to its topics and is skipped. */
  enabled: { type: flag(), default: true, change: "update" },
  /** Plain tags to keep on the endpoint. Tags that others put there are left alone. */
  userTags: { type: setOf(text()), change: "update" },
  /** Uuids of tag patterns to keep attached. Patterns that others attached are left alone. */
  tagUuids: { type: setOf(existingUuid()), change: "update" },
  /** The uuid to create the endpoint under. Derived from the resource when not given. */
  resourceUuid: { type: uuid(), change: "replace", local: true, isId: true },
  /**
   * Which existing endpoint a create may take over: `"never"`; `"identical"`, the one that already is exactly as declared, else a new one;
   * `"byName"`, the one of this name, else a new one; or `{ id }`, that very one. The last two fail if it is not as declared, unless
   * `overwrite: true` stands beside `id` or `byName: true`.
   */
  adopt: { type: adoptPolicy(normaliseUuid), default: "never", change: "ignored", local: true },
});

const outputs = {
  /** The endpoint's uuid: the same as `id`, so known in every preview once the endpoint exists. */
  uuid: { isId: true },
  /** When the endpoint was made: ISO 8601 where the management node tells an instant, else its own words and time zone. */
  createdAt: {},
} as const;

type Inputs = InputsOf<typeof fields>;
type State = StateOf<typeof fields, typeof outputs>;

const endpoint: SnsObject<
  DingTalkEndpointInventory,
  Inputs,
  State,
  CreateDingTalkEndpointParams,
  UpdateDingTalkEndpointParams
> = {
  noun: NOUN,
  tagResourceType: "SNSApplicationEndpointVO",
  fields,
  unshown: ["secret", "webhookUrl"],
  isShownInFull: (live, name, inputs) =>
    name === "secret" ? live.secret?.trim() === inputs.secret : live.url?.trim() === inputs.webhookUrl,
  lookup: dingTalkEndpointsByUuid,
  queryByName: (ctx, name) => querySNSDingTalkEndpointByName(ctx.connection.client, name, ctx),
  sent: {
    name: { as: "name" },
    webhookUrl: { as: "url" },
    secret: { as: "secret", cleared: "" },
    // The update ignores a blank one; see changeRest.
    description: { as: "description" },
    atAll: { as: "atAll" },
    atPersons: { onlyCreatedAs: "atPersonList" },
  },
  create: (ctx, params) => createSNSDingTalkEndpoint(ctx.connection.client, params, ctx),
  likeness: (live, inputs) => ({
    name: trimmed(live.name) === inputs.name,
    webhook: shownUrl(live.url, inputs.webhookUrl) === inputs.webhookUrl,
  }),
  fromWire,
  update: (ctx, id, params) => updateSNSDingTalkEndpoint(ctx.connection.client, id, params, ctx),
  inspectUpdate: (id, { url }) => {
    if (url !== undefined && url.length > MAX_UPDATABLE_URL_CHARS) {
      throw new InputError(
        `webhookUrl: ZStack cannot give an existing endpoint a webhook of more than ${MAX_UPDATABLE_URL_CHARS} characters.`,
        {
          hint: `Replace the endpoint: run \`pulumi up --replace <urn>\`, or, if the stack does not have it yet, delete it in ZStack and run the command again. Endpoint ${id} was not changed.`,
        },
      );
    }
  },
  changeRest: async (ctx, live, state, inputs) => {
    const isCleared = state.description !== undefined && inputs.description === undefined;
    if (isCleared) {
      await updateSNSApplicationEndpoint(ctx.connection.client, live.uuid, { description: "" }, ctx);
    }
    return (await syncPersons(ctx, live, inputs.atPersons ?? {})) || isCleared;
  },
  changeState: (ctx, id, stateEvent) =>
    changeSNSApplicationEndpointState(ctx.connection.client, id, stateEvent, ctx),
  delete: async (ctx, id) => {
    await warnOf(ctx, `topics that deliver to endpoint ${id}`, async () => {
      const subscriptions = await ctx.connection.findLinks(subscribersByEndpoint, id, ctx.signal);
      const topics = await namesOf(
        ctx,
        topicsByUuid,
        subscriptions.map(({ topicUuid }) => topicUuid),
      );
      return topics.length === 0
        ? undefined
        : `Deleting endpoint ${id} takes it away from what still delivers to it: ${topics.map((one) => `topic ${one}`).join(", ")}. ZStack does not subscribe it again.`;
    });
    await deleteSNSApplicationEndpoint(ctx.connection.client, id, ctx);
  },
  inspectAdoption: async (ctx, id, live) => {
    const other =
      live === undefined && isUuidLike(id)
        ? await querySNSApplicationEndpoint(ctx.connection.client, id, ctx)
        : undefined;
    if (other !== undefined) {
      throw new InputError(`adopt: ${id} is an endpoint of type ${other.type}, not a DingTalk endpoint.`, {
        hint: "Give the id of a DingTalk endpoint. An endpoint of another type is not managed here; a TopicSubscription can name it.",
      });
    }
  },
};

function fromWire(
  live: DingTalkEndpointInventory,
  known: Partial<State>,
): Omit<Complete<State>, keyof ManagedTags> {
  const remarks = remarksOf(live);
  return {
    ...commonState(live),
    webhookUrl: shownUrl(live.url, known.webhookUrl),
    secret: shownSecret(live.secret, known.secret),
    atAll: live.atAll,
    atPersons: Object.keys(remarks).length === 0 ? undefined : remarks,
    resourceUuid: known.resourceUuid,
    adopt: known.adopt ?? "never",
    uuid: live.uuid,
  };
}

/** The webhook; one that is masked, or not shown at all, says no more than that there is one. */
function shownUrl(live: string | undefined, recorded: string | undefined): string {
  const shown = live?.trim() ?? "";
  return shown === "" || shown.includes("***") ? shownValue(shown, recorded) : shown;
}

/**
 * The signing secret as far as the server shows it. A masked or encrypted one says nothing, so the recorded value stays:
 * UNVERIFIED whether later versions do either (fact sheet 11.3). DingTalk's own secrets start with `SEC`.
 */
function shownSecret(live: string | undefined, recorded: string | undefined): string | undefined {
  const shown = live === undefined ? undefined : trimmed(live);
  if (shown === undefined || shown === "") {
    return undefined;
  }
  const isMasked = shown.includes("***");
  const hasOtherForm = recorded?.startsWith("SEC") === true && !shown.startsWith("SEC");
  // A masked secret where none is recorded is still one too many.
  return isMasked || hasOtherForm ? (recorded ?? shown) : shown;
}

/** The definition of `DingTalkEndpoint`. */
export const dingTalkEndpoint: ResourceDefinition<typeof fields, typeof outputs, ZStackConnection> = {
  token: "zstack:DingTalkEndpoint",
  noun: NOUN,
  fields,
  outputs,
  normaliseId: normaliseUuid,
  refusedArguments: {
    platformUuid: "is not offered: ZStack ignores it and always uses its built-in platform. Remove it.",
    systemTags: "is not offered: ZStack's create call refuses it. Use userTags or tagUuids.",
    atPersonPhoneNumbers: "is called atPersons here.",
    atPersonList: "is called atPersons here.",
    url: "is called webhookUrl here.",
  },
  crossCheck(inputs, findings, given) {
    const { webhookUrl: webhook, secret } = inputs;
    // A secret that is not known yet may turn out to be none.
    if (typeof webhook === "string" && typeof secret === "string" && !hasQuery(webhook)) {
      findings.refuse(
        "secret",
        "needs a webhookUrl with a query string and without a fragment (#…): ZStack appends the signature with &. Copy the whole webhook, with its access_token.",
      );
    }
    checkAdopt(inputs, findings, given);
  },
  ...snsLifecycle(endpoint),
};
