import type { Emulator } from "../../emulator";
import { definitions } from "../../provider/zstack/definitions";
import type { FieldTable } from "../../provider/core/fields/fields";
import type { ResourceDefinition } from "../../provider/core/lifecycle/definition";
import type { ZStackConnection } from "../../provider/zstack/connection";
import { freshUuid, uuidFromKey } from "../../provider/zstack/fields/uuids";
import { lifecycleOf, type Bench, type Lifecycle } from "./zstack";

export const TOPIC = uuidFromKey("topic", 0);
const ENDPOINT = uuidFromKey("endpoint", 0);
const OWNER = { alarm: uuidFromKey("alarm", 0), events: uuidFromKey("events", 0) };

/** Puts what the links below join into the emulator. */
export function putSides({ zstack }: Emulator): void {
  zstack.topics.add({ uuid: TOPIC, name: "ops" });
  zstack.endpoints.add({ uuid: ENDPOINT, name: "duty" });
  zstack.alarms.add({ uuid: OWNER.alarm, name: "cpu" });
  zstack.eventSubscriptions.add({ uuid: OWNER.events, name: "host down" });
}

type Pair = readonly [string, string];

/** One kind of link, with what the emulator has of it: `id`s are both uuids with a slash between. */
export interface LinkKind {
  readonly definition: Pick<ResourceDefinition, "fields" | "outputs" | "refusedArguments">;
  readonly noun: string;
  /** What the two sides are called in messages. */
  readonly nouns: readonly [string, string];
  /** The arguments that hold them. */
  readonly fields: readonly [string, string];
  readonly sides: Pair;
  readonly destroying: string;
  /** The vendor's operations. */
  readonly attach: string;
  readonly detach: string;
  readonly query: string;
  /** How many queries 101 reads at once come down to. */
  readonly queriesOf100: number;
  inputs(sides: Pair): object;
  lifecycle(bench: () => Bench): Lifecycle<object, object>;
  rows(emulator: Emulator): string[];
  put(emulator: Emulator, sides: Pair): void;
  takeAway(emulator: Emulator, id: string): void;
  /** Removes the object on one side. */
  remove(emulator: Emulator, index: 0 | 1): void;
  exists(emulator: Emulator, index: 0 | 1): boolean;
  /** Links of either side with something else. */
  putOthers(emulator: Emulator): void;
  /** So many links between new objects. */
  putMany(emulator: Emulator, count: number): string[];
}

type Tables = Emulator["zstack"];
type SideTable = "topics" | "endpoints" | "alarms" | "eventSubscriptions";

interface Described extends Pick<
  LinkKind,
  "noun" | "nouns" | "fields" | "sides" | "destroying" | "attach" | "detach" | "query" | "queriesOf100"
> {
  readonly tables: readonly [SideTable, SideTable];
  list(zstack: Tables): readonly Pair[];
  add(zstack: Tables, sides: Pair): void;
  drop(zstack: Tables, id: string): void;
}

function kind<Fields extends FieldTable>(
  definition: ResourceDefinition<Fields, Record<never, never>, ZStackConnection>,
  one: Described,
): LinkKind {
  const { tables, sides } = one;
  const inputs = ([from, to]: Pair) => ({ [one.fields[0]]: from, [one.fields[1]]: to });
  const addSide = ({ zstack }: Emulator, index: 0 | 1, uuid: string) =>
    void zstack[tables[index]].add({ uuid });
  const put = ({ zstack }: Emulator, pair: Pair) => {
    one.add(zstack, pair);
  };
  return {
    ...one,
    definition,
    inputs,
    // The links differ in the names of two arguments only.
    lifecycle: (bench) => lifecycleOf(definition, bench),
    rows: ({ zstack }) => one.list(zstack).map((pair) => pair.join("/")),
    put,
    takeAway: ({ zstack }, id) => {
      one.drop(zstack, id);
    },
    remove: ({ zstack }, index) => void zstack[tables[index]].remove(sides[index]),
    exists: ({ zstack }, index) => zstack[tables[index]].get(sides[index]) !== undefined,
    putOthers: (emulator) => {
      const others: Pair = [freshUuid(), freshUuid()];
      for (const index of [0, 1] as const) {
        addSide(emulator, index, others[index]);
      }
      put(emulator, [sides[0], others[1]]);
      put(emulator, [others[0], sides[1]]);
    },
    putMany: (emulator, count) =>
      Array.from({ length: count }, () => {
        const pair: Pair = [freshUuid(), freshUuid()];
        for (const index of [0, 1] as const) {
          addSide(emulator, index, pair[index]);
        }
        put(emulator, pair);
        return pair.join("/");
      }),
  };
}

/** Every kind of link there is. */
export const LINKS: readonly LinkKind[] = [
  kind(definitions.TopicSubscription, {
    noun: "topic subscription",
    nouns: ["topic", "endpoint"],
    fields: ["topicUuid", "endpointUuid"],
    sides: [TOPIC, ENDPOINT],
    destroying: "unsubscribes the endpoint",
    attach: "SubscribeSNSTopic",
    detach: "UnsubscribeSNSTopic",
    query: "QuerySNSTopicSubscriber",
    queriesOf100: 4,
    tables: ["topics", "endpoints"],
    list: ({ subscriptions }) => subscriptions.list().map((row) => [row.topicUuid, row.endpointUuid]),
    add: ({ subscriptions }, [topicUuid, endpointUuid]) =>
      void subscriptions.add({ topicUuid, endpointUuid }),
    drop: ({ subscriptions }, id) => void subscriptions.remove(id),
  }),
  kind(definitions.AlarmAction, {
    noun: "alarm action",
    nouns: ["alarm", "topic"],
    fields: ["alarmUuid", "topicUuid"],
    sides: [OWNER.alarm, TOPIC],
    destroying: "detaches the topic",
    attach: "AddActionToAlarm",
    detach: "RemoveActionFromAlarm",
    query: "QueryAlarm",
    queriesOf100: 2,
    tables: ["alarms", "topics"],
    list: ({ alarmActions }) => alarmActions.list().map((row) => [row.alarmUuid, row.actionUuid]),
    add: ({ alarmActions }, [alarmUuid, actionUuid]) => void alarmActions.add({ alarmUuid, actionUuid }),
    drop: ({ alarmActions }, id) => void alarmActions.remove(id),
  }),
  kind(definitions.EventSubscriptionAction, {
    noun: "event subscription action",
    nouns: ["event subscription", "topic"],
    fields: ["subscriptionUuid", "topicUuid"],
    sides: [OWNER.events, TOPIC],
    destroying: "detaches the topic",
    attach: "AddActionToEventSubscription",
    detach: "RemoveActionFromEventSubscription",
    query: "QueryEventSubscription",
    queriesOf100: 2,
    tables: ["eventSubscriptions", "topics"],
    list: ({ eventSubscriptionActions }) =>
      eventSubscriptionActions.list().map((row) => [row.subscriptionUuid, row.actionUuid]),
    add: ({ eventSubscriptionActions }, [subscriptionUuid, actionUuid]) =>
      void eventSubscriptionActions.add({ subscriptionUuid, actionUuid }),
    drop: ({ eventSubscriptionActions }, id) => void eventSubscriptionActions.remove(id),
  }),
];
