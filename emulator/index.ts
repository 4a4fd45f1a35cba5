/**
 * A strict loopback stand-in for the services that this package talks to, for tests of your own programs:
 * `const emulator = await start()`, set ZSTACK_ENDPOINT to `emulator.url`, act, then ask `emulator.zstack`.
 * Security Center has two sites with endpoints of their own: `emulator.securitycenter.china.url` and `.international.url`.
 * Messages of both arrive in the groups of `emulator.dingtalk`.
 */
export { start, type Emulator, type EmulatorOptions } from "./start";
export type { CoverageRow } from "./frame/coverage";
export type { Clock, Moment } from "./frame/clock";
export type {
  FaultCallback,
  FaultContext,
  FaultHandle,
  FaultRule,
  Faults,
  TransportFault,
} from "./frame/faults";
export type { AuthKind, Journal, JournalEntry, JournalFilter } from "./frame/journal";
export type { Group, Message, Refusal } from "./dingtalk/entities";
export type { DingTalkFault } from "./dingtalk/faults";
export type { DingTalkHandle, DingTalkOptions, GroupHandle } from "./dingtalk/site";
export { DINGTALK_SWITCHES, type DingTalkSwitches } from "./dingtalk/switches";
export { switchRows, type SwitchRow } from "./frame/switches";
export type { Table } from "./frame/table";
export type { StsCredentials, StsRequest } from "./securitycenter/account";
export type {
  SecurityCenterHandle,
  SecurityCenterOptions,
  SecurityCenterSiteOptions,
} from "./securitycenter/cloud";
export { SECURITY_CENTER_COVERAGE } from "./securitycenter/coverage";
export type {
  AccessKey as AlibabaCloudAccessKey,
  AlertRule,
  AssetGroup,
  Robot,
  TestMessage,
} from "./securitycenter/entities";
export type { SecurityCenterFault } from "./securitycenter/faults";
export { SECURITY_CENTER_SWITCHES, type SecurityCenterSiteHandle } from "./securitycenter/site";
export type { SecurityCenterSwitches } from "./securitycenter/switches";
export { ZSTACK_COVERAGE } from "./zstack/coverage";
export type { AlarmFiring, Delivery, EventFiring, FiringReport } from "./zstack/delivery/firing";
export type { Alarm, AlarmAction } from "./zstack/kinds/alarm";
export type { Person } from "./zstack/kinds/at-person";
export type { DingTalkEndpoint } from "./zstack/kinds/dingtalk-endpoint";
export type { Endpoint, OtherEndpoint } from "./zstack/kinds/endpoint";
export type { EventSubscription, EventSubscriptionAction } from "./zstack/kinds/event-subscription";
export type { HttpEndpoint } from "./zstack/kinds/http-endpoint";
export type { Label } from "./zstack/kinds/label";
export type { Platform } from "./zstack/kinds/platform";
export type { Subscription } from "./zstack/kinds/subscription";
export type { Tag } from "./zstack/kinds/tag";
export type { TagPattern } from "./zstack/kinds/tag-pattern";
export type { Topic } from "./zstack/kinds/topic";
export type { WeComEndpoint } from "./zstack/kinds/wecom-endpoint";
export { ZSTACK_SWITCHES } from "./zstack/parts";
export type { AccessKey } from "./zstack/rest/access-key";
export type { ZStackFault } from "./zstack/rest/faults";
export type { Job, JobEnd } from "./zstack/rest/jobs";
export type { Session } from "./zstack/rest/session";
export type { Dated } from "./zstack/rest/store";
export type { ZStackHandle, ZStackOptions } from "./zstack/site";
export type { ZStackSwitches } from "./zstack/switches";
