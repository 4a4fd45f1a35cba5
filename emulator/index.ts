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
export type { SecurityCenterSiteHandle } from "./securitycenter/site";
export { SECURITY_CENTER_SWITCHES, type SecurityCenterSwitches } from "./securitycenter/switches";
export { ZSTACK_COVERAGE } from "./zstack/coverage";
export type {
  Dated,
  Endpoint,
  Person,
  Topic,
  Subscription,
  Label,
  Alarm,
  AlarmAction,
  EventSubscription,
  EventSubscriptionAction,
  Platform,
  TagPattern,
  Tag,
  Session,
  AccessKey,
  JobEnd,
  Job,
} from "./zstack/entities";
export type { ZStackFault } from "./zstack/faults";
export type { AlarmFiring, Delivery, EventFiring, FiringReport } from "./zstack/firing";
export type { ZStackHandle, ZStackOptions } from "./zstack/site";
export { ZSTACK_SWITCHES, type ZStackSwitches } from "./zstack/switches";
