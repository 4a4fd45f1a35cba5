import { adoptPolicy, checkAdopt, type Adopt } from "../../core/lifecycle/adopt";
import { InputError } from "../../core/errors";
import { flag, oneOf, setOf, text } from "../../core/fields/field-types";
import { autoName, defineFields, type Complete, type InputsOf, type StateOf } from "../../core/fields/fields";
import type { Context, ResourceDefinition } from "../../core/lifecycle/definition";
import { trimmed } from "../../core/plain-text";
import {
  alarmLookups,
  applicationEndpointsByUuid,
  changeSNSTopicState,
  createSNSTopic,
  deleteSNSTopic,
  eventSubscriptionLookups,
  querySNSTopicByName,
  subscribersByTopic,
  topicsByUuid,
  updateSNSTopic,
  type CreateTopicParams,
  type TopicInventory,
  type UpdateTopicParams,
} from "../api";
import { isBuiltInTopic } from "../lifecycle/built-in-topics";
import type { ZStackConnection } from "../connection";
import { named, namesOf, warnOf } from "../lifecycle/losers";
import type { ManagedTags } from "../lifecycle/tags";
import { commonState, snsLifecycle, type SnsObject } from "../lifecycle/sns-object";
import { canonicalUuid, existingUuid, normaliseUuid, uuid } from "../fields/uuids";

const NOUN = "topic";
const BUILT_IN_REFUSAL =
  "is built into ZStack: it cannot be managed or deleted. Give its uuid as the topicUuid of a TopicSubscription, or read it with Topic.get.";

const fields = defineFields({
  /** What the topic is called in ZStack. Names need not be unique there. */
  name: { type: text({ maxChars: 255 }), default: autoName(255), change: "update" },
  /** Free text shown in ZStack. */
  description: { type: text({ maxChars: 2048, multiline: true }), change: "update" },
  /**
   * The language of the messages. Left out, it is ZStack's to choose and not looked at. Once given it can be changed but not taken back,
   * because ZStack cannot clear it.
   */
  locale: {
    type: oneOf(["zh_CN", "en_US"], { zh: "zh_CN", cn: "zh_CN", en: "en_US" }),
    change: "update",
    unclearable: true,
  },
  /** Whether the topic delivers. A disabled one keeps its subscriptions and its alarms, and drops their messages. */
  enabled: { type: flag(), default: true, change: "update" },
  /** Plain tags to keep on the topic. Tags that others put there are left alone. */
  userTags: { type: setOf(text()), change: "update" },
  /** Uuids of tag patterns to keep attached. Patterns that others attached are left alone. */
  tagUuids: { type: setOf(existingUuid()), change: "update" },
  /** The uuid to create the topic under. Derived from the resource when not given. */
  resourceUuid: { type: uuid(), change: "replace", local: true, isId: true },
  /**
   * Which existing topic a create may take over: `"never"`; `"identical"`, the one that already is exactly as declared, else a new one;
   * `"byName"`, the one of this name, else a new one; or `{ id }`, that very one. The last two fail if it is not as declared, unless
   * `overwrite: true` stands beside `id` or `byName: true`. ZStack's built-in topics cannot be taken over.
   */
  adopt: { type: adoptPolicy(normaliseUuid), default: "never", change: "ignored", local: true },
});

const outputs = {
  /** The topic's uuid: the same as `id`, so known in every preview once the topic exists. */
  uuid: { isId: true },
  /** When the topic was made: ISO 8601 where the management node tells an instant, else its own words and time zone. */
  createdAt: {},
} as const;

type Inputs = InputsOf<typeof fields>;
type State = StateOf<typeof fields, typeof outputs>;
type Ctx = Context<ZStackConnection>;

const snsTopic: SnsObject<TopicInventory, Inputs, State, CreateTopicParams, UpdateTopicParams> = {
  noun: NOUN,
  tagResourceType: "SNSTopicVO",
  fields,
  unshown: [],
  lookup: topicsByUuid,
  queryByName: async (ctx, name) => {
    const found = await querySNSTopicByName(ctx.connection.client, name, ctx);
    found.forEach(refuseBuiltIn);
    return found;
  },
  sent: {
    name: { as: "name" },
    description: { as: "description", cleared: "" },
    // The live one: a locale that was not declared so far is not in the state.
    locale: { as: "locale", isAlready: (live, locale) => live.locale === locale },
  },
  create: (ctx, params) => createSNSTopic(ctx.connection.client, params, ctx),
  likeness: (live, inputs) => ({ name: trimmed(live.name) === inputs.name }),
  fromWire,
  update: (ctx, id, params) => updateSNSTopic(ctx.connection.client, id, params, ctx),
  changeState: (ctx, id, stateEvent) => changeSNSTopicState(ctx.connection.client, id, stateEvent, ctx),
  delete: async (ctx, id) => {
    await warnOfLosers(ctx, id);
    await deleteSNSTopic(ctx.connection.client, id, ctx);
  },
};

function refuseBuiltIn(live: TopicInventory): void {
  if (isBuiltInTopic(live.uuid)) {
    throw new InputError(`adopt: the topic ${live.uuid} of this name ${BUILT_IN_REFUSAL}`);
  }
}

/** What a delete takes from others, ZStack says nothing of: an alarm that reaches nobody is found out in an incident. */
async function warnOfLosers(ctx: Ctx, id: string): Promise<void> {
  await warnOf(ctx, `alarms that send to topic ${id}`, async () => {
    const senders = [
      ...(await ctx.connection.findLinks(alarmLookups.byTopic, id, ctx.signal)).map(
        (alarm) => `alarm ${named(alarm)}`,
      ),
      ...(await ctx.connection.findLinks(eventSubscriptionLookups.byTopic, id, ctx.signal)).map(
        (subscription) => `event subscription ${named(subscription)}`,
      ),
    ];
    return senders.length === 0
      ? undefined
      : `Deleting topic ${id} takes it away from what still sends to it: ${senders.join(", ")}. ZStack does not put it back.`;
  });
  await warnOf(ctx, `endpoints that are subscribed to topic ${id}`, async () => {
    const subscriptions = await ctx.connection.findLinks(subscribersByTopic, id, ctx.signal);
    const endpoints = await namesOf(
      ctx,
      applicationEndpointsByUuid,
      subscriptions.map(({ endpointUuid }) => endpointUuid),
    );
    return endpoints.length === 0
      ? undefined
      : `Deleting topic ${id} unsubscribes what it still delivers to: ${endpoints.map((one) => `endpoint ${one}`).join(", ")}. ZStack does not subscribe it again.`;
  });
}

function fromWire(live: TopicInventory, known: Partial<State>): Omit<Complete<State>, keyof ManagedTags> {
  return {
    ...commonState(live),
    locale: known.locale === undefined ? undefined : (live.locale as State["locale"]),
    resourceUuid: known.resourceUuid,
    adopt: known.adopt ?? "never",
    uuid: live.uuid,
  };
}

/** The definition of `Topic`. */
export const topic: ResourceDefinition<typeof fields, typeof outputs, ZStackConnection> = {
  token: "zstack:Topic",
  noun: NOUN,
  fields,
  outputs,
  normaliseId: normaliseUuid,
  refusedArguments: {
    systemTags: "is not offered: ZStack's create call refuses it. Use userTags or tagUuids.",
    state: "is called enabled here, and is true or false.",
    endpoints:
      "is not an argument of a topic: make a TopicSubscription for each, or use a NotificationChannel.",
  },
  crossCheck(inputs, findings, given) {
    if (isBuiltInTopic(inputs["resourceUuid"])) {
      findings.refuse("resourceUuid", `${String(inputs["resourceUuid"])} ${BUILT_IN_REFUSAL}`);
    }
    const adopt = inputs["adopt"] as Adopt;
    if (typeof adopt === "object" && "id" in adopt && isBuiltInTopic(canonicalUuid(adopt.id))) {
      findings.refuse("adopt.id", `${adopt.id} ${BUILT_IN_REFUSAL}`);
    }
    checkAdopt(inputs, findings, given);
  },
  ...snsLifecycle(snsTopic),
};
