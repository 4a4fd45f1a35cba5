import { dingTalkRobot } from "./resources/dingtalk-robot";

/** The kinds of resource of this cloud, by the name of their class. */
export const definitions = { DingTalkRobot: dingTalkRobot };
