import { z } from "zod";
import type { CallScope } from "../transport/call";
import type { ZStackClient } from "../transport/client";
import {
  lookupByUuid,
  MAX_UUIDS_PER_QUERY,
  optionalText,
  query,
  queryByUuid,
  type Lookup,
  type Queryable,
} from "./query";

/** Alarms and event subscriptions: objects that are managed elsewhere and send to topics. */

const ALARMS = "/v1/zwatch/alarms";
const EVENT_SUBSCRIPTIONS = "/v1/zwatch/events/subscriptions";
/** The only kind of action there is: a topic. */
const ACTION_TYPE = "sns";

/** What has actions; only those members that matter here. */
const actionOwner = z.object({
  uuid: z.string(),
  name: optionalText,
  actions: z
    .array(z.object({ actionUuid: z.string() }))
    .nullish()
    .transform((value) => value ?? []),
});

const alarms = { action: "QueryAlarm", path: ALARMS, inventory: actionOwner, sortedBy: "uuid" } as const;
const eventSubscriptions = {
  action: "QueryEventSubscription",
  path: EVENT_SUBSCRIPTIONS,
  inventory: actionOwner,
  sortedBy: "uuid",
} as const;

/** An alarm or an event subscription, with the topics it sends to. */
export type ActionOwnerInventory = z.infer<typeof actionOwner>;

/** How alarms, or event subscriptions, are found. */
export interface ActionOwnerLookups {
  readonly byUuid: Lookup<ActionOwnerInventory>;
  /** By an action of theirs: `ownerUuid/topicUuid`. */
  readonly byAction: Lookup<ActionOwnerInventory>;
  /** By the topic they send to. */
  readonly byTopic: Lookup<ActionOwnerInventory>;
}

export const alarmLookups = lookupsOf(alarms);
export const eventSubscriptionLookups = lookupsOf(eventSubscriptions);

function lookupsOf(kind: Queryable<ActionOwnerInventory>): ActionOwnerLookups {
  const byUuid = lookupByUuid(kind);
  const { collection } = byUuid;
  return {
    byUuid,
    // An action is a member of its owner's inventory, so the owners are asked for.
    byAction: {
      maxKeys: MAX_UUIDS_PER_QUERY,
      query: (client, pairs, scope) =>
        queryByUuid(client, kind, [...new Set(pairs.flatMap((pair) => pair.split("/", 1)))], scope),
      keysOf: ({ uuid, actions }) => actions.map(({ actionUuid }) => `${uuid}/${actionUuid}`),
      collection,
    },
    // No condition finds actions by their topic, so one query reads all owners, for however many topics.
    byTopic: {
      maxKeys: Infinity,
      query: (client, _topicUuids, scope) => query(client, kind, [], scope),
      keysOf: ({ actions }) => actions.map(({ actionUuid }) => actionUuid),
      collection,
    },
  };
}

/** `POST /zwatch/alarms/{alarmUuid}/actions`. A second time it fails (SYS.1006). */
export async function addActionToAlarm(
  client: ZStackClient,
  alarmUuid: string,
  topicUuid: string,
  scope?: CallScope,
): Promise<void> {
  await addAction(client, "AddActionToAlarm", `${ALARMS}/${alarmUuid}`, topicUuid, scope);
}

/** `DELETE /zwatch/alarms/{alarmUuid}/actions/{topicUuid}`. */
export async function removeActionFromAlarm(
  client: ZStackClient,
  alarmUuid: string,
  topicUuid: string,
  scope?: CallScope,
): Promise<void> {
  await removeAction(client, "RemoveActionFromAlarm", `${ALARMS}/${alarmUuid}`, topicUuid, scope);
}

/** `POST /zwatch/events/subscriptions/{uuid}/actions`. A second time it fails (SYS.1007). */
export async function addActionToEventSubscription(
  client: ZStackClient,
  subscriptionUuid: string,
  topicUuid: string,
  scope?: CallScope,
): Promise<void> {
  const owner = `${EVENT_SUBSCRIPTIONS}/${subscriptionUuid}`;
  await addAction(client, "AddActionToEventSubscription", owner, topicUuid, scope);
}

/** `DELETE /zwatch/events/subscriptions/{uuid}/actions/{topicUuid}`. */
export async function removeActionFromEventSubscription(
  client: ZStackClient,
  subscriptionUuid: string,
  topicUuid: string,
  scope?: CallScope,
): Promise<void> {
  const owner = `${EVENT_SUBSCRIPTIONS}/${subscriptionUuid}`;
  await removeAction(client, "RemoveActionFromEventSubscription", owner, topicUuid, scope);
}

async function addAction(
  client: ZStackClient,
  action: string,
  owner: string,
  topicUuid: string,
  scope?: CallScope,
): Promise<void> {
  const body = { params: { actionUuid: topicUuid, actionType: ACTION_TYPE } };
  await client.change({ action, method: "POST", path: `${owner}/actions`, body }, scope);
}

async function removeAction(
  client: ZStackClient,
  action: string,
  owner: string,
  topicUuid: string,
  scope?: CallScope,
): Promise<void> {
  await client.change({ action, method: "DELETE", path: `${owner}/actions/${topicUuid}` }, scope);
}
