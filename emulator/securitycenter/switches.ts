import { amount, choice, flag, names, type SwitchValues } from "../frame/switches";

/**
 * Every unknown of the Security Center API that can be set either way, for one site. Operations read them, so this file
 * imports nothing of the service: it is told the names of the operations.
 */
export const switchesOf = (operations: readonly string[]) => ({
  duplicateNames: flag(
    "Two robots may have one name; off, the second is refused with the code RuleActionNameRepeated (UNVERIFIED).",
    true,
    "6, 11",
  ),
  nameCharacters: choice(
    "How the 2 to 64 characters of a name are counted: in UTF-16 units, of which most emoji are two, or in code points.",
    ["utf16", "codePoints"],
    "utf16",
    "4.1",
  ),
  filterFuzzy: flag("The name filter of the list finds parts of names; off, whole names only.", true, "11"),
  updateMerges: flag(
    "An update keeps the fields that it does not name; off, they go back to what a create without them gives.",
    false,
    "4.1, 11",
  ),
  statusResetOnUpdate: flag("An update sets the status back to that of a new robot.", false, "7, 11"),
  newBotStatus: choice("Status of a new robot: 0 disabled, 1 enabled.", [0, 1], 1, "7, 11"),
  listLagMs: amount(
    "Milliseconds on the emulator's clock before the list shows what a call changed.",
    0,
    "6, 11",
  ),
  listLagCalls: amount(
    "List calls after a change that still show the old state; every page is a call.",
    0,
    "6, 11",
  ),
  listOrder: choice(
    "Order of the list: by id, or by the last modification.",
    ["newestFirst", "oldestFirst", "lastModifiedFirst"],
    "newestFirst",
    "6, 14.6",
  ),
  maxPageSize: amount("Rows on a page at most.", 100, "4.2, 11", 1),
  pageSizeOverflow: choice(
    "A PageSize above the maximum is lowered (the reply tells to what), refused as bad input, lowered without a word, or kept for counting pages, whose rows beyond the maximum are left out.",
    ["lowered", "refused", "silent", "cut"],
    "lowered",
    "4.2, 11",
  ),
  configListEncoding: choice(
    "ConfigList in answers: JSON text, JSON text with one more level of escapes, or one-element lists as scalars.",
    ["plain", "escaped", "scalarValues"],
    "plain",
    "4.2",
  ),
  groupIdListEncoding: choice(
    "GroupIdList in answers: JSON text of strings or of numbers, CSV within quote characters, CSV, or null whatever is stored.",
    ["json", "jsonNumbers", "quotedCsv", "csv", "null"],
    "json",
    "4.2",
  ),
  emptyListEcho: choice(
    "How an empty or absent ConfigList or GroupIdList is answered.",
    ["[]", "emptyText", "null", "absent"],
    "[]",
    "4.2",
  ),
  listEchoOrder: choice(
    "Order of alert types, keys, values and group ids in answers.",
    ["same", "reversed"],
    "same",
    "5",
  ),
  eventTypeEcho: choice(
    "Language of the event types in answers, whatever was sent.",
    ["same", "zh", "en"],
    "same",
    "5, 11",
  ),
  typePrefix: choice(
    "What alert types begin with at this site, as DescribeDataSource tells.",
    ["online", "pre", "onlineSh"],
    "online",
    "5, 11",
  ),
  typePrefixEcho: choice(
    "Prefix of alert types in answers: as sent, or that of the site.",
    ["same", "site"],
    "same",
    "5, 11",
  ),
  unknownAlertTypes: choice(
    "An alert type that DescribeDataSource does not list is taken as it is, or refused as bad input.",
    ["accepted", "refused"],
    "accepted",
    "5",
  ),
  unknownGroupIds: choice(
    "A group id that no asset group has is taken as it is, or refused as bad input.",
    ["accepted", "refused"],
    "accepted",
    "4.1",
  ),
  maskUrl: choice(
    "Url in answers: complete, cut before the query, or with its token masked.",
    ["none", "cut", "masked"],
    "none",
    "4.2, 11",
  ),
  nameTrailingNewline: flag("Names in answers end with a line feed.", false, "4.2"),
  intervalTimeEcho: choice(
    "IntervalTime in answers: as sent, in minutes when it was sent in seconds, or the other way round.",
    ["same", "secondsToMinutes", "minutesToSeconds"],
    "same",
    "4.1, 4.2",
  ),
  clearing: choice(
    "What [] does to ConfigList and GroupIdList: clears, changes nothing, or chooses everything.",
    ["honoured", "ignored", "all"],
    "honoured",
    "11",
  ),
  omittedGroupIdList: choice(
    "What is stored without a GroupIdList: nothing, or the ids of all groups.",
    ["nothing", "all"],
    "nothing",
    "4.1",
  ),
  defaultLanguage: choice("Language without a DingTalkLang.", ["zh", "en"], "zh", "4.1"),
  unknownIdUpdate: choice(
    "An update of an id that does not exist: DataNotExists, a new robot under a new id, or success without effect.",
    ["error", "create", "ignore"],
    "error",
    "11",
  ),
  unknownIdStatus: choice(
    "A status for an id that does not exist: success, ServerError, or DataNotExists.",
    ["ok", "ServerError", "DataNotExists"],
    "ok",
    "11",
  ),
  deleteMissing: choice(
    "Deleting an id that does not exist: success, or ServerError (nothing is deleted then).",
    ["ok", "ServerError"],
    "ok",
    "4.4, 11",
  ),
  onlineTestRefused: choice(
    "What DingTalkOnlineTest answers when the group refuses the message, or nobody is there.",
    ["ok", "ServerError"],
    "ok",
    "4.5",
  ),
  badInputCode: choice(
    "How bad values are refused: 400 IllegalParam, or 500 ServerError.",
    ["IllegalParam", "ServerError"],
    "IllegalParam",
    "8.2, 14.5",
  ),
  edition: choice(
    "Edition of the account: 1 free, 3 Enterprise, 5 Pro, 6 Anti-virus, 7 Ultimate, 8 several, 10 value-added only.",
    [1, 3, 5, 6, 7, 8, 10],
    7,
    "4.6, 9",
  ),
  highestEdition: choice("The highest edition when edition is 8.", [1, 3, 5, 6, 7, 10], 7, "16.10"),
  editionTooLowCode: choice(
    "Code of what needs the editions Enterprise or Ultimate and is called in another.",
    ["FreeVersionNotPermit", "NotBuy", "NeedBuy", "NoPermission"],
    "FreeVersionNotPermit",
    "8.2, 9, 11",
  ),
  deniedActions: names(
    'Actions that RAM denies; "*" is all of them.',
    operations,
    [],
    "8.2, 10, 14.2",
    "name of an action",
  ),
  denial: choice(
    "How RAM denies: the product's NoPermission with 403 or 400, or the gateway's Forbidden or Forbidden.RAM with 403.",
    ["NoPermission", "NoPermission 400", "Forbidden", "Forbidden.RAM"],
    "NoPermission",
    "8.2",
  ),
  requestsPerSecond: amount(
    "Calls of one account in a second of the emulator's clock before they are throttled; 0 is no limit.",
    0,
    "8.3",
  ),
});

/** The values of the Security Center switches. */
export type SecurityCenterSwitches = SwitchValues<ReturnType<typeof switchesOf>>;
