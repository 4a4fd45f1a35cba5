/** Alibaba Cloud Security Center: the resources of this cloud, one line each. */
export { AlertType, type AlertKind } from "./fields/alert-types";
export {
  DingTalkRobot,
  type DingTalkRobotArgs,
  type DingTalkRobotInputs,
  type DingTalkRobotState,
} from "./resources/dingtalk-robot";
