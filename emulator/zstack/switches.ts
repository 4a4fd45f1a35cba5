import { amount, choice, flag, names, text, type SwitchValues } from "../frame/switches";

/**
 * Every quirk and every unknown of a ZStack management node that can be set either way. Everything else may read them,
 * so this file imports nothing of the node: it is told the names of the operations.
 */
export const switchesOf = (operations: readonly string[]) => ({
  serverVersion: text(
    "Version the server claims and behaves like: below 5.0.0 no DingTalk update, secret, remarks, person update and query or test connection; connectionStatus from 5.1.8, the event hide from 5.2.0, the rate limit from 5.3.20.",
    "5.2.1",
    "0.1",
    /^\d+\.\d+\.\d+$/,
    "x.y.z",
  ),
  locale: choice(
    "Language of error details (SYS.1000 is never translated).",
    ["zh_CN", "en_US"],
    "zh_CN",
    "4.1",
  ),
  timezone: text(
    "Zone of the management node: dates in answers and the wall clock that access-key dates are compared with.",
    "Asia/Shanghai",
    "2.4, 9",
    isTimezone,
    "IANA zone id",
  ),
  checkTimeZone: flag(
    "Compare access-key dates as instants; off, only their wall-clock digits count.",
    false,
    "2.4, 12.4",
  ),
  accessKeysAvailable: flag(
    "Off, the licence has removed all access keys: every key is unknown and the key calls are not mapped.",
    true,
    "2.4, 11.10",
  ),
  snsAvailable: flag("Off, the SNS module is missing: its paths answer 404 text.", true, "11.10"),
  zwatchAvailable: flag(
    "Off, the zwatch module is missing: the paths of alarms and events answer 404 text.",
    true,
    "11.10",
  ),
  locationBase: text(
    'Scheme, host and port in the location of a job; an address nobody can reach by default. "self" repeats the Host header of the request.',
    "http://192.0.2.1:8080",
    "3.2, 12.7",
    /^(self|https?:\/\/[^/\s]+)$/,
    'http://host:port or "self"',
  ),
  pollsBeforeDone: amount("Polls that answer 202 before a job is done.", 1, "3.2"),
  jobMs: amount(
    "Milliseconds on the emulator's clock before a job is done, besides the polls; beyond the API timeout the job ends with SYS.1001 although the work was done.",
    0,
    "3.2",
  ),
  jobRetentionSeconds: amount("How long jobs are known after they were accepted.", 10800, "3.2"),
  webHookRetryMs: amount("Real milliseconds between the up to 15 tries of a web hook.", 2000, "3.2"),
  sessionTimeoutSeconds: amount("Sliding lifetime of a session.", 7200, "2.2", 1),
  maxSessions: amount("Sessions that an account may have at a time (ID.1006 above).", 500, "2.2", 1),
  uniqueSession: flag("A new login ends the account's older sessions.", false, "2.2"),
  passwordChangeEndsSessions: flag(
    "UNVERIFIED: a new password ends the account's sessions, which were opened with the old one.",
    true,
    "2.2",
  ),
  loginControl: choice(
    "What every login is refused with.",
    [
      "none",
      "disabled",
      "secondFactor",
      "passwordExpired",
      "locked",
      "captchaWrong",
      "addressRefused",
      "captchaMissing",
    ],
    "none",
    "2.1",
  ),
  lockAfterFailures: amount("Wrong logins in a row that lock the account; 0 never locks.", 0, "2.1"),
  ready: flag("Off, the management node is still starting: SYS.1010.", true, "1"),
  admin: flag("The account is the admin: it sees everything and has no quota.", true, "5.2, 7"),
  endpointQuota: amount(
    "Endpoints that an account other than the admin may have (ID.1003 above).",
    20,
    "5.2",
  ),
  deniedOperations: names(
    'Operations that answer ID.1002; "*" is all of them.',
    operations,
    [],
    "2.3, 4.2",
    "name of an operation",
  ),
  readsLookEmpty: flag("Queries find nothing, as when a permission was lost.", false, "7"),
  requestsPerMinute: amount(
    "Requests per client address and minute before 429; 0 is the vendor's rule: 12000 from 5.3.20 on, no limit before.",
    0,
    "4.2, 11.15",
  ),
  elaboration: flag("Errors carry elaboration and cost.", true, "4.1"),
  causes: choice("Where the telling error of a failure sits.", ["none", "cause", "causes"], "none", "4.1"),
  globalErrorCode: flag("Errors carry globalErrorCode, as on newer servers.", false, "4.1, 11.14"),
  dateFormat: choice(
    "Text of dates, which depends on the server's Java.",
    ["java8", "java9", "java20", "epoch"],
    "java8",
    "9, 11.11",
  ),
  personDatesAfterCreate: choice(
    "Dates of persons that came with an endpoint: missing in the answer of the create, in all answers, or never.",
    ["missingInAnswer", "missing", "present"],
    "missingInAnswer",
    "5.3, 11.11",
  ),
  personOrder: choice("Order of persons in answers.", ["shuffled", "insertion"], "shuffled", "5.3"),
  queryOrder: choice(
    "Order of query results without a sort.",
    ["uuid", "insertion", "shuffled"],
    "uuid",
    "7",
  ),
  maxPageRows: amount(
    "UNVERIFIED: rows in an answer at most, whatever limit is asked for; 0 is no maximum.",
    0,
    "7",
  ),
  replyWithCount: flag("UNVERIFIED: answers to queries count all rows when asked to.", true, "7"),
  connectionStatus: choice(
    "connectionStatus of endpoints with a URL: not known yet, fixed, or another one at every look (which touches lastOpDate too).",
    ["absent", "UP", "DOWN", "flips"],
    "absent",
    "5.3, 9",
  ),
  secretOnRead: choice(
    "How a secret comes back; hidden, it does not.",
    ["plain", "masked", "encrypted", "hidden"],
    "plain",
    "5.3, 11.3",
  ),
  secretClearable: flag('An update with secret "" clears the secret.', true, "5.4, 11.3"),
  descriptionClearable: flag(
    'The generic update with description "" clears the description.',
    true,
    "5.4, 11.4",
  ),
  urlColumnOverflow: choice(
    "A URL of more than 1024 characters, which the API takes: SYS.1000, or cut.",
    ["error", "cut"],
    "error",
    "5.2, 11.5",
  ),
  secretColumnOverflow: choice(
    "A secret or remark of more than 128 characters, where the API takes it: SYS.1000, or cut.",
    ["error", "cut"],
    "error",
    "5.4, 11.5",
  ),
  clientUuids: choice(
    "UNVERIFIED: the resourceUuid of a create: the new object gets it, or one of the server's choosing.",
    ["honoured", "ignored"],
    "honoured",
    "8",
  ),
  uuidReuse: flag(
    "UNVERIFIED: the uuid of a deleted object can be used again; off, that is SYS.1000.",
    true,
    "8",
  ),
  tagsOnCreate: choice(
    "tagUuids and userTags of a create call.",
    ["dropped", "attached"],
    "dropped",
    "8, 11.12",
  ),
  hiddenStateName: text("UNVERIFIED: the state stored after the event hide.", "Hidden", "5.5, 11.2"),
  hiddenListed: flag("UNVERIFIED: hidden endpoints are still found by queries.", true, "11.2"),
  personUpdateUnknownEndpoint: choice(
    "A person update that names an endpoint which does not exist.",
    ["SYS.1003", "success"],
    "SYS.1003",
    "5.7, 12.12",
  ),
  removeActionUnknownOwner: choice(
    "Removing an action from an alarm or event subscription that does not exist.",
    ["SYS.1003", "success"],
    "SYS.1003",
    "4.4, 6.5",
  ),
  removeMissingAction: choice(
    "Removing an action that the alarm or event subscription does not have.",
    ["success", "SYS.1003"],
    "success",
    "4.4, 6.5",
  ),
  subscribeEventUnknownTopic: choice(
    "A new event subscription with an action that names no topic; adding such an action is always SYS.1007.",
    ["SYS.1007", "accepted"],
    "SYS.1007",
    "6.5",
  ),
  testMessagePersons: choice(
    "Where the persons of a test message stand: in its at, as in all other messages, or as marks in its text.",
    ["at", "text"],
    "at",
    "5.8, 5.9",
  ),
  testConnection: choice(
    'What becomes of a test message. "posted": it goes to addresses on this machine, DingTalk\'s stand-in among them; one for another address counts as delivered, or with "sent" as undeliverable. The others send nothing and say what DingTalk answers.',
    ["posted", "sent", "delivered", "refused", "unreachable"],
    "posted",
    "5.8, 5.9",
  ),
});

/** The values of the ZStack switches. */
export type ZStackSwitches = SwitchValues<ReturnType<typeof switchesOf>>;

/** True for a zone that this machine knows. */
function isTimezone(id: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: id }).resolvedOptions().timeZone !== "";
  } catch {
    // The only complaint of the constructor here is an unknown zone, which is what is being asked.
    return false;
  }
}
