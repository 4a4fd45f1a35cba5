import type { CoverageRow } from "../frame/coverage";
import { OPERATIONS } from "./parts";

/** Every call of the fact sheet, and what the emulated management node does about it. */
export const ZSTACK_COVERAGE: readonly CoverageRow[] = [
  ...implemented("node.test.ts", {
    GetVersion: ["PUT /management-nodes/actions"],
    GetCurrentTime: ["PUT /management-nodes/actions"],
    IsReadyToGo: ["GET /management-nodes/ready"],
    GetPlatformTimeZone: ["GET /management-nodes/platform-timezone"],
  }),
  ...implemented("session.test.ts", {
    LogInByAccount: ["PUT /accounts/login"],
    LogOut: ["DELETE /accounts/sessions/{sessionUuid}"],
    ValidateSession: ["GET /accounts/sessions/{sessionUuid}/valid"],
    RenewSession: ["PUT /accounts/sessions/{sessionUuid}/renew"],
  }),
  ...rows("refused", "session.test.ts", {
    LogInByUser: ["PUT /accounts/users/login"],
    LogIn: ["PUT /login"],
    LogInByLdap: ["PUT /ldap/login"],
    LoginIAM2VirtualID: ["PUT /iam2/virtual-ids/login"],
    LoginIAM2VirtualIDWithLdap: ["PUT /iam2/login/virtual-ids/ldap"],
    LoginIAM2Project: ["PUT /iam2/projects/login"],
    LoginByCas: ["PUT /cas/login/"],
  }),
  ...implemented("access-key.test.ts", {
    CreateAccessKey: ["POST /accesskeys"],
    DeleteAccessKey: ["DELETE /accesskeys/{uuid}"],
    ChangeAccessKeyState: ["PUT /accesskeys/{uuid}/actions"],
    QueryAccessKey: queries("/accesskeys"),
  }),
  ...implemented("dingtalk-endpoint.test.ts", {
    CreateSNSDingTalkEndpoint: ["POST /sns/application-endpoints/ding-talk"],
    UpdateSNSDingTalkEndpoint: ["PUT /sns/application-endpoints/ding-talk/{uuid}/actions"],
    QuerySNSDingTalkEndpoint: queries("/sns/application-endpoints/ding-talk"),
    UpdateSNSApplicationEndpoint: ["PUT /sns/application-endpoints/{uuid}/actions"],
    ChangeSNSApplicationEndpointState: ["PUT /sns/application-endpoints/{uuid}/actions"],
    DeleteSNSApplicationEndpoint: ["DELETE /sns/application-endpoints/{uuid}"],
    QuerySNSApplicationEndpoint: queries("/sns/application-endpoints"),
    SNSDingTalkTestConnection: ["POST /sns/application-endpoints/ding-talk/test-connection"],
  }),
  ...implemented("at-person.test.ts", {
    AddSNSDingTalkAtPerson: ["POST /sns/application-endpoints/ding-talk/at-persons"],
    UpdateAtPersonOfAtDingTalkEndpoint: [
      "PUT /sns/application-endpoints/ding-talk/at-persons/{uuid}/actions",
    ],
    RemoveSNSDingTalkAtPerson: [
      "DELETE /sns/application-endpoints/ding-talk/{endpointUuid}/at-persons/{phoneNumber}",
    ],
    QuerySNSDingTalkAtPerson: queries("/sns/application-endpoints/ding-talk/at-persons"),
  }),
  ...implemented("topic.test.ts", {
    CreateSNSTopic: ["POST /sns/topics"],
    UpdateSNSTopic: ["PUT /sns/topics/{uuid}/actions"],
    ChangeSNSTopicState: ["PUT /zwatch/topics/{uuid}/actions"],
    DeleteSNSTopic: ["DELETE /sns/topics/{uuid}"],
    QuerySNSTopic: queries("/sns/topics"),
    SubscribeSNSTopic: ["POST /sns/topics/{topicUuid}/endpoints/{endpointUuid}"],
    UnsubscribeSNSTopic: ["DELETE /sns/topics/{topicUuid}/endpoints/{endpointUuid}"],
    QuerySNSTopicSubscriber: queries("/sns/topics/subscribers"),
  }),
  ...implemented("alarm.test.ts", {
    CreateAlarm: ["POST /zwatch/alarms"],
    ChangeAlarmState: ["PUT /zwatch/alarms/{uuid}/actions"],
    DeleteAlarm: ["DELETE /zwatch/alarms/{uuid}"],
    QueryAlarm: queries("/zwatch/alarms"),
    AddActionToAlarm: ["POST /zwatch/alarms/{alarmUuid}/actions"],
    RemoveActionFromAlarm: ["DELETE /zwatch/alarms/{alarmUuid}/actions/{actionUuid}"],
  }),
  ...implemented("event-subscription.test.ts", {
    SubscribeEvent: ["POST /zwatch/events/subscriptions"],
    ChangeEventSubscriptionState: ["PUT /zwatch/change/eventSubscription/{uuid}/state"],
    UnsubscribeEvent: ["DELETE /zwatch/events/subscriptions/{uuid}"],
    QueryEventSubscription: queries("/zwatch/events/subscriptions"),
    AddActionToEventSubscription: ["POST /zwatch/events/subscriptions/{subscriptionUuid}/actions"],
    RemoveActionFromEventSubscription: [
      "DELETE /zwatch/events/subscriptions/{subscriptionUuid}/actions/{actionUuid}",
    ],
  }),
  ...implemented("platform.test.ts", {
    CreateSNSEmailPlatform: ["POST /sns/application-platforms/email"],
    UpdateSNSApplicationPlatform: ["PUT /sns/application-platforms/{uuid}/actions"],
    ChangeSNSApplicationPlatformState: ["PUT /sns/application-platforms/{uuid}/actions"],
    DeleteSNSApplicationPlatform: ["DELETE /sns/application-platforms/{uuid}"],
    QuerySNSApplicationPlatform: queries("/sns/application-platforms"),
    CreateSNSHttpEndpoint: ["POST /sns/application-endpoints/http"],
    QuerySNSHttpEndpoint: queries("/sns/application-endpoints/http"),
    CreateSNSWeComEndpoint: ["POST /sns/application-endpoints/we-com"],
    QuerySNSWeComEndpoint: queries("/sns/application-endpoints/we-com"),
  }),
  ...implemented("tag.test.ts", {
    CreateTag: ["POST /tags"],
    DeleteTag: ["DELETE /tags/{uuid}"],
    QueryTag: queries("/tags"),
    AttachTagToResources: ["POST /tags/{tagUuid}/resources"],
    DetachTagFromResources: ["DELETE /tags/{tagUuid}/resources"],
    CreateUserTag: ["POST /user-tags"],
    QueryUserTag: queries("/user-tags"),
    QuerySystemTag: queries("/system-tags"),
  }),
  ...absent({
    UpdateSNSWeComEndpoint: ["PUT /sns/application-endpoints/we-com/{uuid}/actions"],
    UpdateSNSHttpEndpoint: ["PUT /sns/application-endpoints/http/{uuid}/actions"],
    CreateSNSFeiShuEndpoint: ["POST /sns/application-endpoints/feishu"],
    CreateSNSMicrosoftTeamsEndpoint: ["POST /sns/application-endpoints/microsoft-teams"],
    CreateSNSEmailEndpoint: ["POST /sns/application-endpoints/emails"],
    UpdateAlarm: ["PUT /zwatch/alarms/{uuid}/actions"],
  }),
];

/** The routes of all operations that the code really has, for all versions. */
export function zstackRoutes(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    OPERATIONS.map((operation) => [
      operation.name,
      operation.paths.map((path) => `${operation.method} ${path}`),
    ]),
  );
}

function queries(path: string): string[] {
  return [`GET ${path}`, `GET ${path}/{uuid}`];
}

function implemented(testedBy: string, calls: Readonly<Record<string, readonly string[]>>): CoverageRow[] {
  return rows("implemented", testedBy, calls);
}

function rows(
  status: "implemented" | "refused",
  testedBy: string,
  calls: Readonly<Record<string, readonly string[]>>,
): CoverageRow[] {
  return Object.entries(calls).map(([operation, routes]) => ({ operation, routes, status, testedBy }));
}

function absent(calls: Readonly<Record<string, readonly string[]>>): CoverageRow[] {
  return Object.entries(calls).map(([operation, routes]) => ({ operation, routes, status: "absent" }));
}
