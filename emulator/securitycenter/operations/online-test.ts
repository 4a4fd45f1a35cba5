import { INT32_MAX, type Language } from "../entities";
import { fail, failNotFound } from "../errors";
import type { Operation } from "../operation";
import { findRobot } from "./robot";

/**
 * Sends a test message to the robot's group (section 4.5), as far as the group is on this machine: another address is
 * only noted down. Nothing is known of what becomes of a message that DingTalk refuses: a switch says.
 */
export const dingTalkOnlineTest: Operation = {
  name: "DingTalkOnlineTest",
  changing: true,
  needsEdition: true,
  run: async (call) => {
    const { parameters, context } = call;
    const id = parameters.requiredInteger("Id", 1, INT32_MAX);
    const robot = findRobot(id, call) ?? failNotFound(id);
    const isHere = context.outbound.resolve(robot.url) !== undefined;
    const answer = isHere
      ? await context.outbound.post(robot.url, testMessage(robot.actionName, robot.dingTalkLang))
      : undefined;
    const errcode = errcodeOf(answer?.body);
    context.store.testMessages.add({ robotId: id, url: robot.url, errcode });
    const refused = isHere && errcode !== 0;
    if (refused && context.switches.onlineTestRefused === "ServerError") {
      fail(500, "ServerError", "ServerError");
    }
    return {};
  },
};

/** UNVERIFIED, invented: form and wording of the vendor's test message are not known; it says so itself. */
function testMessage(name: string, language: Language): object {
  const title = language === "en" ? "Security Center test message" : "云安全中心测试消息";
  const note = language === "en" ? "wording invented by the emulator" : "文案由模拟器编写";
  return { msgtype: "markdown", markdown: { title, text: `### ${title}\n\n- ${name}\n- (${note})` } };
}

function errcodeOf(body: unknown): number | undefined {
  const errcode: unknown =
    typeof body === "object" && body !== null && "errcode" in body ? body.errcode : undefined;
  return typeof errcode === "number" ? errcode : undefined;
}
