import {
  anything,
  choice,
  flag,
  integer,
  list,
  moment,
  number,
  object,
  record,
  text,
  word,
  type Members,
} from "../frame/value";
import type {
  AccessKey,
  Alarm,
  AlarmAction,
  Dated,
  Endpoint,
  EventSubscription,
  EventSubscriptionAction,
  Job,
  JobEnd,
  Label,
  Person,
  Platform,
  Session,
  Subscription,
  Tag,
  TagPattern,
  Topic,
} from "./entities";

/** What may be said of each kind of object that a management node holds. */

const DATED: Members<Dated> = {
  createdMs: moment("When it was created; now by default.").optional(),
  lastOpMs: moment("When it was changed last; createdMs by default.").optional(),
};
const uuid = word("Its id; a random one by default.");
const accountUuid = word("The account that it belongs to; the emulator's by default.");
const description = text("Its description.").optional();
const state = choice("Whether it is in use.", ["Enabled", "Disabled"]);
const anyAmount = (meaning: string) => integer(meaning, 0);

export const ENDPOINT: Members<Endpoint> = {
  uuid,
  name: text("Its name."),
  description,
  type: word("DingTalk, HTTP, WeCom, Email …"),
  state: word("Enabled, Disabled, or the name that the switch hiddenStateName gives."),
  platformUuid: word("The application platform that it hangs on; the system platform by default."),
  accountUuid,
  url: text("Webhook, or address of an HTTP endpoint.").optional(),
  atAll: flag("Whether messages mention everybody."),
  secret: text("The signing secret of a DingTalk robot.").optional(),
  username: text("User of an HTTP endpoint.").optional(),
  password: text("Password of an HTTP endpoint; never shown by the API.").optional(),
  ...DATED,
};

export const PERSON: Members<Person> = {
  uuid,
  endpointUuid: text("The endpoint whose messages mention the person."),
  phoneNumber: text("Phone number such as +86-13900001111; the user id where the endpoint is of type WeCom."),
  remark: text("Who it is.").optional(),
  ...DATED,
};

export const TOPIC: Members<Topic> = {
  uuid,
  name: text("Its name."),
  description,
  state,
  locale: choice("Language of its messages; the server's by default.", ["zh_CN", "en_US"]).optional(),
  accountUuid,
  ...DATED,
};

export const SUBSCRIPTION: Members<Subscription> = {
  topicUuid: text("The topic."),
  endpointUuid: text("The endpoint that gets what is published to it."),
  ...DATED,
};

const LABEL: Members<Label> = {
  uuid: word("Its id."),
  key: text("What is compared."),
  op: word("Equal or Regex."),
  value: text("With what."),
};
const LABELS = list("What it is narrowed down by.", object("A label.", LABEL, "member of a label"));
const EMERGENCY_LEVEL = choice("How urgent it is.", ["Emergent", "Important", "Normal"]);

export const ALARM: Members<Alarm> = {
  uuid,
  name: text("Its name."),
  description,
  namespace: text("Namespace of the metric, such as ZStack/VM."),
  metricName: text("The metric that is watched."),
  comparisonOperator: choice("How the metric is compared with the threshold.", [
    "GreaterThan",
    "GreaterThanOrEqualTo",
    "LessThan",
    "LessThanOrEqualTo",
  ]),
  threshold: number("What the metric is compared with."),
  period: anyAmount("Seconds that the condition must hold.").optional(),
  repeatInterval: anyAmount("Seconds between messages.").optional(),
  repeatCount: integer("Messages at most; -1 until it ends.", -1),
  enableRecovery: flag("Whether the recovery is told."),
  emergencyLevel: EMERGENCY_LEVEL,
  status: choice("What became of it last.", ["OK", "Alarm", "InsufficientData"]),
  state,
  labels: LABELS,
  accountUuid,
  ...DATED,
};

export const EVENT_SUBSCRIPTION: Members<EventSubscription> = {
  uuid,
  name: text("Its name.").optional(),
  namespace: text("Namespace of the event, such as ZStack/VM."),
  eventName: text("The event that is waited for."),
  emergencyLevel: EMERGENCY_LEVEL,
  state,
  labels: LABELS,
  accountUuid,
  ...DATED,
};

const ACTION = {
  actionUuid: text("The topic that is published to."),
  actionType: text("sns, the only type that there is."),
  ...DATED,
};

export const ALARM_ACTION: Members<AlarmAction> = { alarmUuid: text("The alarm."), ...ACTION };

export const EVENT_SUBSCRIPTION_ACTION: Members<EventSubscriptionAction> = {
  subscriptionUuid: text("The event subscription."),
  ...ACTION,
};

export const PLATFORM: Members<Platform> = {
  uuid,
  name: text("Its name."),
  description,
  state,
  type: word("Email or system."),
  accountUuid,
  smtpServer: text("Host of the mail server.").optional(),
  smtpPort: integer("Its port.", 1, 65535).optional(),
  username: text("User at the mail server.").optional(),
  password: text("Password there; never shown by the API.").optional(),
  encryptType: choice("How the connection is encrypted.", ["SSL", "STARTTLS", "NONE"]).optional(),
  ...DATED,
};

export const TAG_PATTERN: Members<TagPattern> = {
  uuid,
  name: text("Its name."),
  value: text("Its value; the name by default."),
  description,
  color: text("Its colour.").optional(),
  type: choice("Only simple ones can be attached without tokens.", ["simple", "withToken"]),
  accountUuid,
  ...DATED,
};

export const TAG: Members<Tag> = {
  uuid,
  kind: choice("Whose tag it is.", ["User", "System"]),
  tag: text("Its text."),
  resourceUuid: text("The object that it is on."),
  resourceType: text("The object's type in the database, such as SNSApplicationEndpointVO."),
  tagPatternUuid: word("The tag pattern that was attached, if it was one.").optional(),
  ...DATED,
};

export const SESSION: Members<Session> = {
  uuid,
  accountUuid,
  createdMs: moment("When the login was; now by default."),
  expiresMs: moment("When it ends; in two hours by default."),
};

export const ACCESS_KEY: Members<AccessKey> = {
  uuid,
  accessKeyId: word("The id that callers name; a random one by default."),
  accessKeySecret: word("What they sign with; a random one by default."),
  accountUuid,
  userUuid: word("The user that it belongs to; the account by default."),
  state,
  description,
  ...DATED,
};

const JOB_END: Members<JobEnd> = {
  status: choice("200 or 503.", [200, 503]),
  body: record("The body.", anything("")),
};

export const JOB: Members<Job> = {
  uuid,
  operation: text("The vendor's action name."),
  acceptedMs: moment("When it was accepted; now by default."),
  timeoutMs: number("The time limit of the call, in milliseconds."),
  polls: anyAmount("Polls so far."),
  pollsBeforeDone: anyAmount("Polls that answer 202 before it is done."),
  readyMs: number("When it is done at the earliest, epoch milliseconds; now by default."),
  stuck: flag("Whether polls answer 202 for ever."),
  lost: flag("Whether polls answer 404."),
  end: object("What becomes of it.", JOB_END, "member of the end of a job"),
};
