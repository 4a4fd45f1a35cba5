// @ts-check
// What the vendors call the arguments: in requests, or the call of its own by which one is changed. Empty where no call knows it.
// `npm run docs` asks for each argument by name.

/** @type {Readonly<Record<string, Readonly<Record<string, string>>>>} markdown by argument, by resource */
export const VENDOR_WORDS = {
  "zstack.DingTalkEndpoint": {
    name: "`name`",
    webhookUrl: "`url`",
    secret: "`secret`",
    description: "`description`",
    atAll: "`atAll`",
    atPersons: "`atPersonList`",
    enabled: "`state` (`Enabled`, `Disabled`)",
    userTags: "`tag` (`CreateUserTag`)",
    tagUuids: "`tagUuid` (`AttachTagToResources`)",
    resourceUuid: "`resourceUuid`",
    adopt: "",
  },
  "zstack.Topic": {
    name: "`name`",
    description: "`description`",
    locale: "`locale`",
    enabled: "`state` (`Enabled`, `Disabled`)",
    userTags: "`tag` (`CreateUserTag`)",
    tagUuids: "`tagUuid` (`AttachTagToResources`)",
    resourceUuid: "`resourceUuid`",
    adopt: "",
  },
  "zstack.TopicSubscription": { topicUuid: "`topicUuid`", endpointUuid: "`endpointUuid`" },
  "zstack.AlarmAction": { alarmUuid: "`alarmUuid`", topicUuid: "`actionUuid` (`actionType: sns`)" },
  "zstack.EventSubscriptionAction": {
    subscriptionUuid: "`subscriptionUuid`",
    topicUuid: "`actionUuid` (`actionType: sns`)",
  },
  "securitycenter.DingTalkRobot": {
    name: "`RuleActionName`",
    webhookUrl: "`SendUrl`",
    language: "`DingTalkLang`",
    notificationInterval: "`IntervalTime`",
    assetGroupIds: "`GroupIdList`",
    alertRules: "`ConfigList`",
    enabled: "`Status`",
    adopt: "",
  },
};
