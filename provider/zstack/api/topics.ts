import { z } from "zod";
import type { CallScope } from "../transport/call";
import type { ZStackClient } from "../transport/client";
import {
  date,
  isNamed,
  isOneOf,
  lookupByUuid,
  MAX_UUIDS_PER_QUERY,
  nameConditions,
  optionalText,
  PAGE_SIZE,
  query,
  queryOnePage,
  uuidInReply,
  type Collection,
  type Lookup,
} from "./query";

const TOPICS = "/v1/sns/topics";
/** A query finds every pair of these topics and these endpoints: so few fill no page of the usual size. */
const MAX_PAIRS_PER_QUERY = Math.floor(Math.sqrt(PAGE_SIZE - 1));

const topic = z.object({
  uuid: z.string(),
  name: z.string(),
  description: optionalText,
  locale: optionalText,
  state: z.string(),
  createDate: date,
});

const subscriber = z.object({ topicUuid: z.string(), endpointUuid: z.string() });

const topics = { action: "QuerySNSTopic", path: TOPICS, inventory: topic, sortedBy: "uuid" } as const;
const subscribers = {
  action: "QuerySNSTopicSubscriber",
  path: `${TOPICS}/subscribers`,
  inventory: subscriber,
};

/** A topic as queries show it. */
export type TopicInventory = z.infer<typeof topic>;
/** A topic that delivers to an endpoint. */
export type SubscriberInventory = z.infer<typeof subscriber>;

/** The topics by their uuid. */
export const topicsByUuid = lookupByUuid(topics);

/** All subscriptions, if one answer holds them: no property orders them over several. */
const subscriptions: Collection<SubscriberInventory> = {
  readAll: async (client, mostRows, scope) => {
    const all = await queryOnePage(client, { ...subscribers, sortedBy: "topicUuid" }, [], scope);
    return all === undefined || all.length > mostRows ? undefined : all;
  },
};

/** The subscriptions, by `topicUuid/endpointUuid`: they have no uuid of their own. */
export const subscribersByPair = subscriberLookup(
  MAX_PAIRS_PER_QUERY,
  ({ topicUuid, endpointUuid }) => `${topicUuid}/${endpointUuid}`,
  (pairs) => {
    const sides = pairs.map((pair) => pair.split("/"));
    return ["topicUuid", "endpointUuid"].map((side, index) =>
      isOneOf(
        side,
        sides.flatMap((pair) => pair[index] ?? []),
      ),
    );
  },
  "topicUuid",
);

/** The subscriptions of a topic, by its uuid. */
export const subscribersByTopic = subscriberLookup(
  MAX_UUIDS_PER_QUERY,
  ({ topicUuid }) => topicUuid,
  (uuids) => [isOneOf("topicUuid", uuids)],
  "endpointUuid",
);

/** The subscriptions of an endpoint, by its uuid. */
export const subscribersByEndpoint = subscriberLookup(
  MAX_UUIDS_PER_QUERY,
  ({ endpointUuid }) => endpointUuid,
  (uuids) => [isOneOf("endpointUuid", uuids)],
  "topicUuid",
);

/**
 * Subscriptions by a key of theirs. No property orders all of them, so several pages would have no stable order: what does not fit one
 * answer is asked for by half as many keys at a time.
 *
 * @param sortedBy what orders those of a single key
 */
function subscriberLookup(
  maxKeys: number,
  keyOf: (subscription: SubscriberInventory) => string,
  conditionsOf: (keys: readonly string[]) => string[],
  sortedBy: keyof SubscriberInventory,
): Lookup<SubscriberInventory> {
  const kind = { ...subscribers, sortedBy };
  const ask = async (
    client: ZStackClient,
    keys: readonly string[],
    scope?: CallScope,
  ): Promise<SubscriberInventory[]> => {
    if (keys.length === 1) {
      return query(client, kind, conditionsOf(keys), scope);
    }
    const whole = await queryOnePage(client, kind, conditionsOf(keys), scope);
    if (whole !== undefined) {
      return whole;
    }
    const middle = Math.ceil(keys.length / 2);
    return [
      ...(await ask(client, keys.slice(0, middle), scope)),
      ...(await ask(client, keys.slice(middle), scope)),
    ];
  };
  return { maxKeys, query: ask, keysOf: (subscription) => [keyOf(subscription)], collection: subscriptions };
}

/** What a create call of a topic takes. Tags are not among it: the call drops them (fact sheet 8). */
export interface CreateTopicParams {
  readonly name: string;
  readonly description?: string | undefined;
  readonly locale?: string | undefined;
  readonly resourceUuid: string;
}

/** `POST /sns/topics`. The new topic is enabled. Gives the uuid that the answer names. */
export async function createSNSTopic(
  client: ZStackClient,
  params: CreateTopicParams,
  scope?: CallScope,
): Promise<string | undefined> {
  const call = { action: "CreateSNSTopic", method: "POST", path: TOPICS, body: { params } } as const;
  return uuidInReply(await client.change(call, scope));
}

/** What a topic's update takes. What is left out stays; `""` clears the description; a locale cannot be cleared. */
export interface UpdateTopicParams {
  readonly name?: string;
  readonly description?: string;
  readonly locale?: string;
}

/** `PUT /sns/topics/{uuid}/actions`. */
export async function updateSNSTopic(
  client: ZStackClient,
  uuid: string,
  params: UpdateTopicParams,
  scope?: CallScope,
): Promise<void> {
  const body = { updateSNSTopic: params };
  await client.change(
    { action: "UpdateSNSTopic", method: "PUT", path: `${TOPICS}/${uuid}/actions`, body },
    scope,
  );
}

/** `PUT /zwatch/topics/{uuid}/actions`, another module than the rest: enables or disables a topic. */
export async function changeSNSTopicState(
  client: ZStackClient,
  uuid: string,
  stateEvent: "enable" | "disable",
  scope?: CallScope,
): Promise<void> {
  const body = { changeSNSTopicState: { stateEvent } };
  await client.change(
    { action: "ChangeSNSTopicState", method: "PUT", path: `/v1/zwatch/topics/${uuid}/actions`, body },
    scope,
  );
}

/** `DELETE /sns/topics/{uuid}`: also removes its subscriptions, and the topic from every alarm. An unknown uuid is no failure. */
export async function deleteSNSTopic(client: ZStackClient, uuid: string, scope?: CallScope): Promise<void> {
  const parameters = [["deleteMode", "Permissive"]] as const;
  await client.change(
    { action: "DeleteSNSTopic", method: "DELETE", path: `${TOPICS}/${uuid}`, parameters },
    scope,
  );
}

/** The topics of exactly this name. */
export async function querySNSTopicByName(
  client: ZStackClient,
  name: string,
  scope?: CallScope,
): Promise<TopicInventory[]> {
  return (await query(client, topics, nameConditions(name), scope)).filter(isNamed(name));
}

/** `POST /sns/topics/{topicUuid}/endpoints/{endpointUuid}`. A second time it fails (SYS.1000). */
export async function subscribeSNSTopic(
  client: ZStackClient,
  topicUuid: string,
  endpointUuid: string,
  scope?: CallScope,
): Promise<void> {
  const path = `${TOPICS}/${topicUuid}/endpoints/${endpointUuid}`;
  await client.change({ action: "SubscribeSNSTopic", method: "POST", path, body: { params: {} } }, scope);
}

/** `DELETE` of the same path. Both sides must exist (SYS.1003); a subscription that is not there is no failure. */
export async function unsubscribeSNSTopic(
  client: ZStackClient,
  topicUuid: string,
  endpointUuid: string,
  scope?: CallScope,
): Promise<void> {
  const path = `${TOPICS}/${topicUuid}/endpoints/${endpointUuid}`;
  await client.change({ action: "UnsubscribeSNSTopic", method: "DELETE", path }, scope);
}
