import type { Context } from "./context";
import { renderDate } from "./dates";
import type {
  AccessKey,
  Dated,
  Endpoint,
  Person,
  Platform,
  Session,
  Subscription,
  Tag,
  TagPattern,
  Topic,
} from "./entities";
import { has, SINCE } from "./version";
import { ofClass } from "./wire";

/** An object in an answer. Members that are `undefined` do not reach the wire. */
export type Inventory = Record<string, unknown>;

/** createDate and lastOpDate as the node prints them. */
export function dates(row: Dated, { switches }: Context): Inventory {
  const render = (ms: number | undefined): string | number | undefined =>
    ms === undefined ? undefined : renderDate(ms, switches);
  return { createDate: render(row.createdMs), lastOpDate: render(row.lastOpMs) };
}

/** What every kind of endpoint shows; the whole answer of the two generic calls (sections 5.1, 5.3). */
export function baseEndpoint(row: Endpoint, context: Context): Inventory {
  return ofClass("org.zstack.sns.SNSApplicationEndpointInventory", baseMembers(row, context));
}

function baseMembers(row: Endpoint, context: Context): Inventory {
  const { store, switches } = context;
  const platform = store.platforms.row(row.platformUuid);
  const showsPlatform = platform !== undefined && has(switches.serverVersion, SINCE.nestedPlatform);
  return {
    name: row.name,
    uuid: row.uuid,
    description: row.description,
    type: row.type,
    state: row.state,
    platformUuid: row.platformUuid,
    connectionStatus: connectionStatus(row, context),
    ...dates(row, context),
    platform: showsPlatform ? platformInventory(platform, context) : undefined,
  };
}

function connectionStatus(row: Endpoint, { switches, counters, store }: Context): string | undefined {
  if (row.url === undefined || !has(switches.serverVersion, SINCE.connectionStatus)) {
    return undefined;
  }
  if (switches.connectionStatus === "absent") {
    return undefined;
  }
  if (switches.connectionStatus !== "flips") {
    return switches.connectionStatus;
  }
  counters.looks += 1;
  store.touch(row);
  return counters.looks % 2 === 0 ? "DOWN" : "UP";
}

/** An endpoint as a member of its own kind (sections 5.3, 6.4). `asCreated`: the answer of the call that made it. */
export function fullEndpoint(row: Endpoint, context: Context, asCreated = false): Inventory {
  switch (row.type) {
    case "DingTalk":
      return dingTalkEndpoint(row, context, asCreated);
    case "WeCom": {
      const persons = inOrder(context.store.personsOf(row.uuid), context);
      return ofClass("org.zstack.sns.platform.wecom.SNSWeComEndpointInventory", {
        url: row.url,
        atAll: row.atAll,
        atPersonUserIds: persons.map((person) => person.phoneNumber),
        atPersonList: persons.map((person) => weComPerson(person, context, asCreated)),
        ...baseMembers(row, context),
      });
    }
    case "HTTP":
      return ofClass("org.zstack.sns.platform.http.SNSHttpEndpointInventory", {
        url: row.url,
        username: row.username,
        ...baseMembers(row, context),
      });
    default:
      return baseEndpoint(row, context);
  }
}

function dingTalkEndpoint(row: Endpoint, context: Context, asCreated: boolean): Inventory {
  const persons = inOrder(context.store.personsOf(row.uuid), context);
  const robots = has(context.switches.serverVersion, SINCE.robots);
  return ofClass("org.zstack.sns.platform.dingtalk.SNSDingTalkEndpointInventory", {
    url: row.url,
    atAll: row.atAll,
    secret: robots ? shownSecret(row.secret, context) : undefined,
    atPersonPhoneNumbers: persons.map((person) => person.phoneNumber),
    atPersonList: robots ? persons.map((person) => dingTalkPerson(person, context, asCreated)) : undefined,
    ...baseMembers(row, context),
  });
}

function shownSecret(secret: string | undefined, { switches }: Context): string | undefined {
  if (secret === undefined || secret === "") {
    return secret;
  }
  switch (switches.secretOnRead) {
    case "plain":
      return secret;
    case "masked":
      return "*****";
    case "hidden":
      return undefined;
    case "encrypted":
      return `encrypted:${Buffer.from(secret).toString("base64url")}`;
  }
}

function inOrder(persons: Person[], { switches, random }: Context): Person[] {
  return switches.personOrder === "shuffled" ? random.shuffle(persons) : persons;
}

/** A mentioned person of a DingTalk endpoint (section 5.7). */
export function dingTalkPerson(row: Person, context: Context, asCreated = false): Inventory {
  const robots = has(context.switches.serverVersion, SINCE.robots);
  return ofClass("org.zstack.sns.platform.dingtalk.SNSDingTalkAtPersonInventory", {
    uuid: row.uuid,
    phoneNumber: row.phoneNumber,
    endpointUuid: row.endpointUuid,
    remark: robots ? row.remark : undefined,
    ...(robots ? personDates(row, context, asCreated) : {}),
  });
}

function weComPerson(row: Person, context: Context, asCreated: boolean): Inventory {
  return ofClass("org.zstack.sns.platform.wecom.SNSWeComAtPersonInventory", {
    uuid: row.uuid,
    userId: row.phoneNumber,
    endpointUuid: row.endpointUuid,
    remark: row.remark,
    ...personDates(row, context, asCreated),
  });
}

function personDates(row: Person, context: Context, asCreated: boolean): Inventory {
  return asCreated && context.switches.personDatesAfterCreate !== "present" ? {} : dates(row, context);
}

/** An application platform (section 6.3). The password of an e-mail platform is never shown. */
export function platformInventory(row: Platform, context: Context): Inventory {
  const { uuid, name, description, state, type, smtpServer, smtpPort, username, encryptType } = row;
  const shown: Inventory = { uuid, name, description, state, type, ...dates(row, context) };
  if (type !== "Email") {
    return ofClass("org.zstack.sns.SNSApplicationPlatformInventory", shown);
  }
  return ofClass("org.zstack.sns.platform.email.SNSEmailPlatformInventory", {
    smtpServer,
    smtpPort,
    username,
    encryptType,
    ...shown,
  });
}

/** A topic (section 6.1). */
export function topicInventory(row: Topic, context: Context): Inventory {
  const { uuid, name, description, state, locale } = row;
  const localized = has(context.switches.serverVersion, SINCE.topicLocale);
  return ofClass("org.zstack.sns.SNSTopicInventory", {
    uuid,
    name,
    description,
    state,
    locale: localized ? locale : undefined,
    ...dates(row, context),
  });
}

/** A subscription (section 6.2). */
export function subscriberInventory(row: Subscription, context: Context): Inventory {
  const { topicUuid, endpointUuid } = row;
  return ofClass("org.zstack.sns.SNSSubscriberInventory", {
    topicUuid,
    endpointUuid,
    ...dates(row, context),
  });
}

/** A tag pattern (section 8). */
export function tagPatternInventory(row: TagPattern, context: Context): Inventory {
  const { uuid, name, value, description, color, type } = row;
  return ofClass("org.zstack.header.tag.TagPatternInventory", {
    uuid,
    name,
    value,
    description,
    color,
    type,
    ...dates(row, context),
  });
}

/** A user tag or a system tag (section 8). */
export function tagInventory(row: Tag, context: Context): Inventory {
  const { uuid, tag, kind, resourceUuid, resourceType, tagPatternUuid } = row;
  const shown = { uuid, resourceUuid, resourceType, tag, type: kind, ...dates(row, context) };
  if (kind === "System") {
    return ofClass("org.zstack.header.tag.SystemTagInventory", { inherent: false, ...shown });
  }
  const pattern = tagPatternUuid === undefined ? undefined : context.store.tagPatterns.row(tagPatternUuid);
  return ofClass("org.zstack.header.tag.UserTagInventory", {
    tagPatternUuid,
    tagPattern: pattern === undefined ? undefined : tagPatternInventory(pattern, context),
    ...shown,
  });
}

/** A session as a login answers it (section 2.1). */
export function sessionInventory(row: Session, context: Context): Inventory {
  return ofClass("org.zstack.header.identity.SessionInventory", {
    uuid: row.uuid,
    accountUuid: row.accountUuid,
    userUuid: row.accountUuid,
    expiredDate: renderDate(row.expiresMs, context.switches),
    createDate: renderDate(row.createdMs, context.switches),
    noSessionEvaluation: false,
  });
}

/** An access key (section 2.4). */
export function accessKeyInventory(row: AccessKey, context: Context): Inventory {
  return ofClass("org.zstack.accessKey.AccessKeyInventory", {
    uuid: row.uuid,
    description: row.description,
    accountUuid: row.accountUuid,
    userUuid: row.userUuid,
    AccessKeyID: row.accessKeyId,
    AccessKeySecret: row.accessKeySecret,
    state: row.state,
    ...dates(row, context),
  });
}
