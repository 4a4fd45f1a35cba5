/** Alibaba Cloud Security Center, as programs use it. */
import { definitions } from "../securitycenter/definitions";
import type { InputsIn, OptionalArgsOf, RequiredArgsOf, StateIn } from "../pulumi/program/argument-types";
import { resourceClass } from "../pulumi/program/resource-class";

export { AlertType, type AlertKind } from "../securitycenter/fields/alert-types";

/** The arguments of a {@link DingTalkRobot}. */
export interface DingTalkRobotArgs
  extends
    RequiredArgsOf<typeof definitions.DingTalkRobot>,
    OptionalArgsOf<typeof definitions.DingTalkRobot> {}

/** The canonical, plain inputs of a {@link DingTalkRobot}, as state stores them. */
export type DingTalkRobotInputs = InputsIn<typeof definitions.DingTalkRobot>;

/** What state holds of a {@link DingTalkRobot}. */
export type DingTalkRobotState = StateIn<typeof definitions.DingTalkRobot>;

/**
 * A DingTalk robot that Alibaba Cloud Security Center sends alerts to. Needs the Enterprise or Ultimate edition.
 */
export class DingTalkRobot extends resourceClass<DingTalkRobotArgs, DingTalkRobotState, DingTalkRobot>(
  definitions.DingTalkRobot,
) {}
