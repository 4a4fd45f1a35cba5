/** Dates of a row, epoch milliseconds on the emulator's clock; `undefined` where the server has none. */
export interface Dated {
  createdMs: number | undefined;
  lastOpMs: number | undefined;
}

/** The built-in platform that every endpoint except the e-mail ones hangs on (section 5.2). */
export const SYSTEM_PLATFORM_UUID = "02d24b9b0a7f4ee1846f15cda248ceb7";
/** Built-in topics that cannot be deleted (section 6.1). */
export const SYSTEM_ALARM_TOPIC_UUID = "e7d6f5e23bb74e99a2777126078b551c";
/** Takes HTTP endpoints only (section 6.1). */
export const API_TOPIC_UUID = "7bfa0eb8555b3528ace936edfd1d74f1";

/** An endpoint of any kind; members that only some kinds have are optional. */
export interface Endpoint extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  /** `DingTalk`, `HTTP`, `WeCom`, `Email` … */
  type: string;
  state: string;
  platformUuid: string;
  accountUuid: string;
  url: string | undefined;
  atAll: boolean;
  secret: string | undefined;
  username: string | undefined;
  password: string | undefined;
}

/** A person who is mentioned: `phoneNumber` holds the user id for WeCom endpoints. */
export interface Person extends Dated {
  uuid: string;
  endpointUuid: string;
  phoneNumber: string;
  remark: string | undefined;
}

/** A topic (section 6.1). */
export interface Topic extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  state: string;
  locale: string | undefined;
  accountUuid: string;
}

/** A link between a topic and an endpoint (section 6.2). */
export interface Subscription extends Dated {
  topicUuid: string;
  endpointUuid: string;
}

/** What an alarm or an event is narrowed down by (section 6.5). */
export interface Label {
  uuid: string;
  key: string;
  op: string;
  value: string;
}

/** An alarm: a threshold on a metric (section 6.5). Nothing is measured here; a test fires it. */
export interface Alarm extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  namespace: string;
  metricName: string;
  comparisonOperator: string;
  threshold: number;
  period: number | undefined;
  repeatInterval: number | undefined;
  repeatCount: number;
  enableRecovery: boolean;
  emergencyLevel: string;
  /** `OK`, `Alarm` or `InsufficientData`. */
  status: string;
  state: string;
  labels: readonly Label[];
  accountUuid: string;
}

/** A subscription to events of the platform (section 6.5). */
export interface EventSubscription extends Dated {
  uuid: string;
  name: string | undefined;
  namespace: string;
  eventName: string;
  emergencyLevel: string;
  state: string;
  labels: readonly Label[];
  accountUuid: string;
}

/** A topic that an alarm publishes to; `actionUuid` is the topic's (section 6.5). */
export interface AlarmAction extends Dated {
  alarmUuid: string;
  actionUuid: string;
  actionType: string;
}

/** A topic that an event subscription publishes to (section 6.5). */
export interface EventSubscriptionAction extends Dated {
  subscriptionUuid: string;
  actionUuid: string;
  actionType: string;
}

/** An application platform (section 6.3). */
export interface Platform extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  state: string;
  type: string;
  accountUuid: string;
  smtpServer: string | undefined;
  smtpPort: number | undefined;
  username: string | undefined;
  password: string | undefined;
  encryptType: string | undefined;
}

/** A tag pattern; only those of type `simple` can be attached without tokens (section 8). */
export interface TagPattern extends Dated {
  uuid: string;
  name: string;
  value: string;
  description: string | undefined;
  color: string | undefined;
  type: string;
  accountUuid: string;
}

/** A tag on a resource: a user's own, or one that the system set. */
export interface Tag extends Dated {
  uuid: string;
  kind: "User" | "System";
  tag: string;
  resourceUuid: string;
  resourceType: string;
  tagPatternUuid: string | undefined;
}

/** A login. */
export interface Session {
  uuid: string;
  accountUuid: string;
  createdMs: number;
  expiresMs: number;
}

/** An access key (section 2.4). */
export interface AccessKey extends Dated {
  uuid: string;
  accessKeyId: string;
  accessKeySecret: string;
  accountUuid: string;
  userUuid: string;
  state: string;
  description: string | undefined;
}

/** What became of a job once it is done: HTTP 200 or 503 with this value as body. */
export interface JobEnd {
  status: 200 | 503;
  body: Readonly<Record<string, unknown>>;
}

/** An asynchronous call (section 3). */
export interface Job {
  uuid: string;
  operation: string;
  acceptedMs: number;
  timeoutMs: number;
  /** Polls so far. */
  polls: number;
  pollsBeforeDone: number;
  readyMs: number;
  /** 202 for ever, as when the node died. */
  stuck: boolean;
  /** Accepted but never stored: polls answer 404. */
  lost: boolean;
  end: JobEnd;
}
