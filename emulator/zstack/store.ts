import type { Clock } from "../frame/clock";
import type { Random } from "../frame/random";
import { Table } from "../frame/table";
import {
  API_TOPIC_UUID,
  SYSTEM_ALARM_TOPIC_UUID,
  SYSTEM_PLATFORM_UUID,
  type AccessKey,
  type Alarm,
  type AlarmAction,
  type Dated,
  type Endpoint,
  type EventSubscription,
  type EventSubscriptionAction,
  type Job,
  type Person,
  type Platform,
  type Session,
  type Subscription,
  type Tag,
  type TagPattern,
  type Topic,
} from "./entities";
import * as members from "./members";
import { serviceTables } from "./service-tables";
import { byUuid, type ResourceHooks, type ResourceType, type StoreTools } from "./store-tools";
import { alarmActionKey, eventSubscriptionActionKey, zwatchTables } from "./zwatch-tables";

/** Who the built-in objects belong to, and what the account's own id is. */
export interface Owner {
  readonly accountUuid: string;
}

/** The key of a subscription in its table: it has no uuid of its own (section 6.2). */
export function subscriptionKey(row: { topicUuid: string; endpointUuid: string }): string {
  return `${row.topicUuid}/${row.endpointUuid}`;
}

/**
 * Everything a management node knows, one table per kind. Tests may look and change at will;
 * removing a row takes along what the database would cascade to.
 */
export class Store {
  readonly endpoints: Table<Endpoint>;
  readonly persons: Table<Person>;
  readonly topics: Table<Topic>;
  readonly subscriptions: Table<Subscription>;
  readonly alarms: Table<Alarm>;
  readonly alarmActions: Table<AlarmAction>;
  readonly eventSubscriptions: Table<EventSubscription>;
  readonly eventSubscriptionActions: Table<EventSubscriptionAction>;
  readonly platforms: Table<Platform>;
  readonly tagPatterns: Table<TagPattern>;
  readonly tags: Table<Tag>;
  readonly sessions: Table<Session>;
  readonly accessKeys: Table<AccessKey>;
  readonly jobs: Table<Job>;
  /** Type of every live resource by uuid: one shared table in the real database (section 8). */
  readonly resources = new Map<string, ResourceType>();
  /** Uuids of resources that were removed. */
  readonly deletedUuids = new Set<string>();
  private readonly clock: Clock;

  constructor(clock: Clock, random: Random, owner: Owner) {
    this.clock = clock;
    const dates = (row: Partial<Dated>): Dated => {
      const now = clock.now();
      return {
        createdMs: "createdMs" in row ? row.createdMs : now,
        lastOpMs: "lastOpMs" in row ? row.lastOpMs : "createdMs" in row ? row.createdMs : now,
      };
    };
    const touch = (row: Dated): void => {
      if (row.createdMs !== undefined) {
        row.lastOpMs = clock.now();
      }
    };
    const resource = (type: ResourceType): ResourceHooks => ({
      added: (row) => void this.resources.set(row.uuid, type),
      gone: (row) => {
        this.resources.delete(row.uuid);
        this.deletedUuids.add(row.uuid);
        for (const tag of this.tags.rows()) {
          if (tag.resourceUuid === row.uuid) {
            this.tags.remove(tag.uuid);
          }
        }
      },
    });
    const base: StoreTools = {
      uuid: () => random.uuid(),
      accountUuid: owner.accountUuid,
      now: () => clock.now(),
      hex: (digits) => random.hex(digits),
      dates,
      touch,
      resource,
    };

    const endpoint = resource("SNSApplicationEndpointVO");
    this.endpoints = new Table<Endpoint>("endpoint", byUuid, members.ENDPOINT, {
      complete: (row) => ({
        uuid: base.uuid(),
        name: "endpoint",
        description: undefined,
        type: "DingTalk",
        state: "Enabled",
        platformUuid: SYSTEM_PLATFORM_UUID,
        accountUuid: base.accountUuid,
        url: row.type === "Email" ? undefined : "https://oapi.dingtalk.com/robot/send?access_token=added",
        atAll: false,
        secret: undefined,
        username: undefined,
        password: undefined,
        ...row,
        ...dates(row),
      }),
      added: endpoint.added,
      edited: touch,
      removed: (row) => {
        for (const person of this.persons.rows()) {
          if (person.endpointUuid === row.uuid) {
            this.persons.remove(person.uuid);
          }
        }
        for (const link of this.subscriptions.rows()) {
          if (link.endpointUuid === row.uuid) {
            this.subscriptions.remove(subscriptionKey(link));
          }
        }
        endpoint.gone(row);
      },
    });

    const person = resource("SNSDingTalkAtPersonVO");
    this.persons = new Table<Person>("person", byUuid, members.PERSON, {
      complete: (row) => ({
        uuid: base.uuid(),
        endpointUuid: "",
        phoneNumber: "+86-13800000000",
        remark: undefined,
        ...row,
        ...dates(row),
      }),
      added: person.added,
      edited: touch,
      removed: person.gone,
    });

    const topic = resource("SNSTopicVO");
    this.topics = new Table<Topic>("topic", byUuid, members.TOPIC, {
      complete: (row) => ({
        uuid: base.uuid(),
        name: "topic",
        description: undefined,
        state: "Enabled",
        locale: undefined,
        accountUuid: base.accountUuid,
        ...row,
        ...dates(row),
      }),
      added: topic.added,
      edited: touch,
      removed: (row) => {
        for (const link of this.subscriptions.rows()) {
          if (link.topicUuid === row.uuid) {
            this.subscriptions.remove(subscriptionKey(link));
          }
        }
        this.removeActionsOf(row.uuid);
        topic.gone(row);
      },
    });

    this.subscriptions = new Table<Subscription>("subscription", subscriptionKey, members.SUBSCRIPTION, {
      complete: (row) => ({ topicUuid: "", endpointUuid: "", ...row, ...dates(row) }),
      edited: touch,
    });

    const platform = resource("SNSApplicationPlatformVO");
    this.platforms = new Table<Platform>("platform", byUuid, members.PLATFORM, {
      complete: (row) => ({
        uuid: base.uuid(),
        name: "platform",
        description: undefined,
        state: "Enabled",
        type: "Email",
        accountUuid: base.accountUuid,
        smtpServer: undefined,
        smtpPort: undefined,
        username: undefined,
        password: undefined,
        encryptType: undefined,
        ...row,
        ...dates(row),
      }),
      added: platform.added,
      edited: touch,
      removed: (row) => {
        for (const child of this.endpoints.rows()) {
          if (child.platformUuid === row.uuid) {
            this.endpoints.remove(child.uuid);
          }
        }
        platform.gone(row);
      },
    });

    const pattern = resource("TagPatternVO");
    this.tagPatterns = new Table<TagPattern>("tag pattern", byUuid, members.TAG_PATTERN, {
      complete: (row) => ({
        uuid: base.uuid(),
        name: "tag",
        value: row.name ?? "tag",
        description: undefined,
        color: undefined,
        type: "simple",
        accountUuid: base.accountUuid,
        ...row,
        ...dates(row),
      }),
      added: pattern.added,
      edited: touch,
      removed: (row) => {
        for (const tag of this.tags.rows()) {
          if (tag.tagPatternUuid === row.uuid) {
            this.tags.remove(tag.uuid);
          }
        }
        pattern.gone(row);
      },
    });

    this.tags = new Table<Tag>("tag", byUuid, members.TAG, {
      complete: (row) => ({
        uuid: base.uuid(),
        kind: "User",
        tag: "tag",
        resourceUuid: "",
        resourceType: "SNSApplicationEndpointVO",
        tagPatternUuid: undefined,
        ...row,
        ...dates(row),
      }),
      edited: touch,
    });
    const zwatch = zwatchTables(base);
    this.alarms = zwatch.alarms;
    this.alarmActions = zwatch.alarmActions;
    this.eventSubscriptions = zwatch.eventSubscriptions;
    this.eventSubscriptionActions = zwatch.eventSubscriptionActions;
    const service = serviceTables(base);
    this.sessions = service.sessions;
    this.accessKeys = service.accessKeys;
    this.jobs = service.jobs;
    this.seed();
  }

  /** Back to the objects of the start. */
  reset(): void {
    this.resources.clear();
    this.deletedUuids.clear();
    for (const table of Object.values(this.tables())) {
      table.restore();
    }
  }

  /** What is there now is what is there from the start, and after every reset. */
  keepAsInitial(): void {
    for (const table of Object.values(this.tables())) {
      table.keepAsInitial();
    }
  }

  /** All tables by their name. */
  tables() {
    const { endpoints, persons, topics, subscriptions, platforms, tagPatterns, tags } = this;
    const { alarms, alarmActions, eventSubscriptions, eventSubscriptionActions } = this;
    const { sessions, accessKeys, jobs } = this;
    return {
      ...{ endpoints, persons, topics, subscriptions, platforms, tagPatterns, tags },
      ...{ alarms, alarmActions, eventSubscriptions, eventSubscriptionActions },
      ...{ sessions, accessKeys, jobs },
    };
  }

  /** The actions of an alarm, in order of insertion. */
  actionsOfAlarm(alarmUuid: string): AlarmAction[] {
    return this.alarmActions.rows().filter((action) => action.alarmUuid === alarmUuid);
  }

  /** The actions of an event subscription, in order of insertion. */
  actionsOfEventSubscription(subscriptionUuid: string): EventSubscriptionAction[] {
    return this.eventSubscriptionActions
      .rows()
      .filter((action) => action.subscriptionUuid === subscriptionUuid);
  }

  /** Removes a topic from all alarms and event subscriptions: nobody is told (section 6.1). */
  private removeActionsOf(topicUuid: string): void {
    for (const action of this.alarmActions.rows()) {
      if (action.actionUuid === topicUuid) {
        this.alarmActions.remove(alarmActionKey(action));
      }
    }
    for (const action of this.eventSubscriptionActions.rows()) {
      if (action.actionUuid !== topicUuid) {
        continue;
      }
      this.eventSubscriptionActions.remove(eventSubscriptionActionKey(action));
    }
  }

  /** The persons of an endpoint, in order of insertion. */
  personsOf(endpointUuid: string): Person[] {
    return this.persons.rows().filter((person) => person.endpointUuid === endpointUuid);
  }

  /** Notes a change of a row that the cloud itself made: the database touches lastOpDate. */
  touch(row: Dated): void {
    row.lastOpMs = this.clock.now();
  }

  private seed(): void {
    this.platforms.add({ uuid: SYSTEM_PLATFORM_UUID, name: "system", description: "system", type: "system" });
    this.topics.add({ uuid: SYSTEM_ALARM_TOPIC_UUID, name: "system-alarm" });
    this.topics.add({ uuid: API_TOPIC_UUID, name: "api" });
  }
}
